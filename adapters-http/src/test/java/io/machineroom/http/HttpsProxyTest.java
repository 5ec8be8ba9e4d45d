package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.contract.ConnectProxy;
import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.transport.HttpsProxy;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All HTTPS of a node goes through a proxy that demands a login; the gateway never sees the login. */
final class HttpsProxyTest {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static TestTls tls;

    private final ConnectProxy proxy = new ConnectProxy("site", "s:cret ü");
    private World world = world("s:cret ü");

    @TempDir
    Path directory;

    @BeforeAll
    static void certificate() {
        tls = TestTls.fresh();
    }

    private World world(String password) {
        ArtifactStore.Login login = new ArtifactStore.Login("site", Secret.of(password));
        HttpsProxy way = () -> Optional.of(new HttpsProxy.Way("127.0.0.1", proxy.port(), Optional.of(login)));
        return new World(tls, Clients.jdk(Optional.of(way)));
    }

    @AfterEach
    void close() {
        world.close();
        proxy.close();
    }

    @Test
    void carriesEnrolmentEventsDesiredStateAndArtifacts() throws InterruptedException {
        world.backplane.answer("enrol", new byte[] {'{', '}'});
        try (Link link = world.transport.connect(world.anonymous())) {
            assertEquals(2, link.request("enrol", new byte[] {'{', '}'}, LONG).length);
        }
        world.backplane.put("machines", new byte[] {1, 2, 3}, false);
        try (Link link = world.connect()) {
            assertEquals(3, link.bucket("CONFIG").get("machines").orElseThrow().value().length);
            assertEquals(
                    2,
                    link.sink()
                            .append(new Deliveries("proxy", Lane.NORMAL).messages(2), 0)
                            .accepted());
        }
        assertTrue(proxy.tunnels().size() >= 2, proxy.tunnels().toString());
        assertEquals(0, proxy.refused());
        assertTrue(world.backplane.requests("/").stream()
                .allMatch(r -> r.header("Proxy-Authorization").isEmpty()));
    }

    @Test
    void anExpiredSessionIsRenewedThroughTheProxyAsWithoutOne() throws InterruptedException {
        world.backplane.put("machines", new byte[] {1}, false);
        try (Link link = world.connect()) {
            world.backplane.forgetSessions();
            assertTrue(link.bucket("CONFIG").get("machines").isPresent());
        }
    }

    @Test
    void anArtifactGoesOnAfterTheTunnelWasCut() throws Exception {
        Path source = Files.write(directory.resolve("source"), new byte[600_000]);
        world.backplane.interfere(request -> request.path().equals("/v1/artifacts/a.tar.gz")
                ? Optional.of(Gateway.Response.file(source, "application/octet-stream"))
                : Optional.empty());
        URI url = URI.create(world.gateway.url() + "/v1/artifacts/a.tar.gz");
        Path into = directory.resolve("into");
        try (Link link = world.connect()) {
            assertEquals(Link.State.CONNECTED, link.state());
            proxy.cutAfter(300_000);
            ArtifactStore store = world.artifacts(() -> Optional.of(world.endpoint()));
            assertThrows(
                    PortException.Unavailable.class, () -> store.fetch(url, Optional.empty(), 1 << 20, into, LONG));
            long before = Files.size(into);
            assertTrue(before > 0 && before < 600_000, "kept " + before);
            proxy.cutAfter(Long.MAX_VALUE);
            assertEquals(600_000, store.fetch(url, Optional.empty(), 1 << 20, into, LONG));
        }
        assertTrue(world.backplane
                .requests("/v1/artifacts")
                .getLast()
                .header("Range")
                .isPresent());
    }

    @Test
    void aWrongPasswordIsTheProxysTroubleAndTellsNoSecret() {
        world.close();
        world = world("wrong-password");
        PortException.Unavailable failure = assertThrows(PortException.Unavailable.class, world::connect);
        assertEquals("link.proxy", failure.code());
        assertFalse(String.valueOf(failure).contains("wrong-password"));
        assertEquals(List.of(), world.backplane.requests("/"));
    }

    @Test
    void aServerThatIsSparedIsReachedWithoutTheProxyAndNeverHearsItsPassword() throws InterruptedException {
        world.close();
        ArtifactStore.Login login = new ArtifactStore.Login("site", Secret.of("wrong-password"));
        HttpsProxy way = () -> Optional.of(new HttpsProxy.Way(
                "127.0.0.1",
                proxy.port(),
                Optional.of(login),
                url -> url.getHost().equals("127.0.0.1") || url.getHost().equals("localhost")));
        world = new World(tls, Clients.jdk(Optional.of(way)));
        world.backplane.put("machines", new byte[] {1}, false);
        try (Link link = world.connect()) {
            assertTrue(link.bucket("CONFIG").get("machines").isPresent());
        }
        assertEquals(List.of(), proxy.tunnels());
        assertEquals(0, proxy.refused());
        assertTrue(world.backplane.requests("/").stream()
                .allMatch(r -> r.header("Proxy-Authorization").isEmpty()));
    }

    @Test
    void aProxyThatIsGoneIsNamed() {
        proxy.close();
        PortException.Unavailable failure = assertThrows(PortException.Unavailable.class, world::connect);
        assertEquals("link.unreachable", failure.code());
        assertTrue(String.valueOf(failure.getMessage()).contains("through the proxy 127.0.0.1:" + proxy.port()));
    }
}
