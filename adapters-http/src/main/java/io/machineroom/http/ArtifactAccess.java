package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Decides as whom a server is asked for a file: the gateway of the enrolment with the node's session and the
 * enrolment's trust, anybody else with the system's authorities and the login meant for it.
 */
final class ArtifactAccess {
    private static final Duration CONNECT = Duration.ofSeconds(10);

    private final HttpTransport transport;
    private final SessionAuthority authority;
    private final CurrentEndpoint current;
    private final TlsContexts tls;
    private final Clients clients;

    ArtifactAccess(
            HttpTransport transport,
            SessionAuthority authority,
            CurrentEndpoint current,
            TlsContexts tls,
            Clients clients) {
        this.transport = transport;
        this.authority = authority;
        this.current = current;
        this.tls = tls;
        this.clients = clients;
    }

    /** Opens the way to an origin; the login is for that origin only. */
    Way to(Origin origin, Optional<ArtifactStore.Login> login) throws InterruptedException {
        Optional<GatewaySession> open = authority.at(origin);
        if (open.isPresent()) {
            return new Way(open.get().client(), open.get().session(), Optional.empty(), () -> {});
        }
        Optional<Endpoint> gateway = current.https().flatMap(endpoint -> at(endpoint, origin));
        if (gateway.isPresent()) {
            Link link = transport.connect(gateway.get());
            GatewaySession session = authority.at(origin).orElseThrow(() -> closedMeanwhile(link));
            return new Way(session.client(), session.session(), Optional.empty(), link::close);
        }
        String host = origin.host().contains(":") ? "[" + origin.host() + "]" : origin.host();
        GatewayClient client = new GatewayClient(
                URI.create(origin.scheme() + "://" + host + ":" + origin.port()),
                tls.client(TrustPolicy.system()),
                CONNECT,
                clients);
        return new Way(client, Optional.empty(), login.map(WayOut::basic), client::close);
    }

    private static Optional<Endpoint> at(Endpoint endpoint, Origin origin) {
        boolean node = endpoint.credentials() instanceof Endpoint.Credentials.Node;
        return endpoint.urls().stream()
                .filter(url -> node && Origin.of(url).filter(origin::equals).isPresent())
                .findFirst()
                .map(url -> new Endpoint(
                        List.of(url),
                        endpoint.trust(),
                        endpoint.credentials(),
                        endpoint.clientName(),
                        endpoint.connectTimeout()));
    }

    private static PortException.Unavailable closedMeanwhile(Link link) {
        link.close();
        return new PortException.Unavailable("link.unreachable", "the session was closed while it was opened");
    }

    /**
     * An open way to one origin.
     *
     * @param client how to ask
     * @param session the node's session there
     * @param login the header for a login; never together with a session
     * @param closing what to close afterwards
     */
    record Way(GatewayClient client, Optional<NodeSession> session, Optional<Secret> login, Runnable closing)
            implements AutoCloseable {
        @Override
        public void close() {
            closing.run();
        }
    }
}
