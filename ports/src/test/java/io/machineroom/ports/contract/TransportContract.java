package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What {@link Transport} promises. */
public abstract class TransportContract {
    protected abstract Transport transport();

    /** An endpoint that works, as a node that is known there. */
    protected abstract Endpoint good() throws InterruptedException;

    /** A URL of the same scheme where nobody listens. */
    protected abstract URI deaf();

    /** The good endpoint, with a trust that its certificate does not fit; empty when there is no TLS to play. */
    protected abstract Optional<Endpoint> untrusted() throws InterruptedException;

    /** The good endpoint, as somebody unknown there. */
    protected abstract Endpoint stranger() throws InterruptedException;

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    private static Endpoint at(Endpoint endpoint, List<URI> urls) {
        return new Endpoint(
                urls, endpoint.trust(), endpoint.credentials(), endpoint.clientName(), endpoint.connectTimeout());
    }

    @Test
    void namesItsSchemesInLowerCase() {
        assertFalse(transport().schemes().isEmpty());
        transport().schemes().forEach(s -> assertEquals(s.toLowerCase(java.util.Locale.ROOT), s));
    }

    @Test
    void connects() throws InterruptedException {
        within(() -> {
            try (Link link = transport().connect(good())) {
                assertEquals(Link.State.CONNECTED, link.state());
                assertFalse(link.server().isEmpty());
                assertFalse(link.server().contains("@"), link.server());
            }
        });
    }

    @Test
    void isClosedAfterClose() throws InterruptedException {
        within(() -> {
            Link link = transport().connect(good());
            link.close();
            link.close();
            assertEquals(Link.State.CLOSED, link.state());
        });
    }

    @Test
    void triesTheOtherUrls() throws InterruptedException {
        within(() -> {
            List<URI> urls = new ArrayList<>(List.of(deaf()));
            urls.addAll(good().urls());
            try (Link link = transport().connect(at(good(), urls))) {
                assertEquals(Link.State.CONNECTED, link.state());
            }
        });
    }

    @Test
    void isUnreachableWhereNobodyListens() throws InterruptedException {
        within(() -> {
            PortException.Unavailable error = assertThrows(
                    PortException.Unavailable.class, () -> transport().connect(at(good(), List.of(deaf()))));
            assertEquals("link.unreachable", error.code());
        });
    }

    @Test
    void doesNotTrustAnotherCertificate() throws InterruptedException {
        within(() -> {
            Optional<Endpoint> endpoint = untrusted();
            if (endpoint.isPresent()) {
                PortException.Unavailable error = assertThrows(
                        PortException.Unavailable.class, () -> transport().connect(endpoint.get()));
                assertEquals("link.untrusted", error.code());
            }
        });
    }

    @Test
    void isNotLetInAsAStranger() throws InterruptedException {
        within(() -> {
            PortException.Unavailable error = assertThrows(
                    PortException.Unavailable.class, () -> transport().connect(stranger()));
            assertEquals("link.unauthorized", error.code());
        });
    }

    @Test
    void refusesAUrlItCannotUse() throws InterruptedException {
        within(() -> {
            for (String url : List.of("gopher://localhost:70", "/no/scheme")) {
                PortException.Refused error = assertThrows(
                        PortException.Refused.class, () -> transport().connect(at(good(), List.of(URI.create(url)))));
                assertEquals("link.url", error.code());
            }
            assertTrue(transport().schemes().stream().noneMatch("gopher"::equals));
        });
    }
}
