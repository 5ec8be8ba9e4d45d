package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.replication.relay.SiteGatewayPorts;
import io.machineroom.domain.replication.relay.SiteGatewayService;
import io.machineroom.domain.replication.relay.SiteGatewaySettings;
import io.machineroom.http.RealHttp;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.contract.ConnectProxy;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.HttpsProxy;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A real gateway of a site in front of a real backplane, with certificates of a site CA, and a proxy that demands a login
 * between the two. Followers know the leader only.
 */
final class SiteGatewayIT extends BackplaneStage {
    private static final int SIZE = 2 << 20;

    private final ConnectProxy proxy = new ConnectProxy("leader", "pa:ss");
    private SiteGatewayService service;
    private Tasks.Task running;
    private Path siteCa;

    @BeforeEach
    void serve() throws Exception {
        Path site = Files.createDirectory(directory.resolve("site"));
        BackplaneGraph graph = DaggerBackplaneComponent.factory().create(new StateDirectory(site.resolve("state")));
        Path ca = site.resolve("ca");
        graph.certificates().makeAuthority(ca, "site CA", Duration.ofDays(30));
        graph.certificates()
                .issueServer(ca, site.resolve("tls"), List.of("localhost", "127.0.0.1"), Duration.ofDays(3));
        siteCa = ca.resolve("ca.pem");
        SiteGatewaySettings settings = new SiteGatewaySettings(
                "acme",
                "",
                "127.0.0.1",
                0,
                200,
                site.resolve("tls").resolve("server.pem"),
                site.resolve("tls").resolve("server.key"),
                1L << 30);
        service = new SiteGatewayService(settings, parts(graph, site));
        running = graph.tasks().fork("site gateway", service::run);
        awaitPort();
    }

    private SiteGatewayPorts parts(BackplaneGraph graph, Path site) {
        return new SiteGatewayPorts(
                graph.doors().gateway(),
                graph.trust().tls(),
                upstream(graph),
                graph.trees().apply(site.resolve("files")),
                graph.signatures(),
                graph.json(),
                graph.tasks(),
                graph.means().time(),
                graph.metrics());
    }

    private Upstream upstream(BackplaneGraph graph) {
        String pin = graph.certificates().pin(backplane.offline.resolve("ca.pem"));
        Endpoint saas = new Endpoint(
                List.of(backplane.gateway()),
                new TrustPolicy(List.of(pin), 0),
                new Endpoint.Credentials.Anonymous(),
                "leader",
                Duration.ofSeconds(5));
        ArtifactStore.Login login = new ArtifactStore.Login("leader", Secret.of("pa:ss"));
        HttpsProxy way = () -> Optional.of(new HttpsProxy.Way("127.0.0.1", proxy.port(), Optional.of(login)));
        return RealHttp.upstream(
                () -> Optional.of(saas),
                graph.trust().tls(),
                way,
                graph.tasks(),
                graph.means().time());
    }

    private void awaitPort() {
        long end = System.nanoTime() + LONG.toNanos();
        while (service.port() == 0) {
            assertTrue(System.nanoTime() < end, service.lastFault());
            java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
        }
    }

    @AfterEach
    void stop() throws InterruptedException {
        running.cancel();
        assertTrue(running.join(LONG));
        proxy.close();
    }

    private URI leader() {
        return URI.create("https://127.0.0.1:" + service.port());
    }

    private TestNode follower(String identity) {
        return new TestNode(this::leader, siteCa, directory.resolve("follower-" + identity), identity, EPOCH);
    }

    private TestNode enrolled(String identity) throws Exception {
        TestNode node = follower(identity);
        node.enrol(token());
        return node;
    }

    private String token() {
        return backplane
                .command(
                        "token",
                        "--state",
                        backplane.state.toString(),
                        "--offline",
                        backplane.offline.toString(),
                        "--customer",
                        "acme",
                        "--print")
                .strip();
    }

    private byte[] offer(String name) throws Exception {
        byte[] content = new byte[SIZE];
        new Random(1).nextBytes(content);
        Path folder =
                Files.createDirectories(backplane.state.resolve("artifacts").resolve("acme"));
        Files.write(folder.resolve(name), content);
        return content;
    }

    private static HttpResponse<byte[]> artifact(TestNode node, String session, String... more) throws Exception {
        List<String> headers = new ArrayList<>(List.of("Authorization", "Bearer " + session));
        headers.addAll(List.of(more));
        return node.http("GET", "/v1/artifacts/a.bin", new byte[0], headers.toArray(String[]::new));
    }

    private Value.Obj document(HttpResponse<byte[]> answer) {
        return (Value.Obj) backplane.json.read(answer.body());
    }

    @Test
    void aFollowerEnrolsOpensSessionsAndSendsEventsThroughTheLeader() throws Exception {
        TestNode node = enrolled("f1");
        assertEquals(Optional.of("acme"), node.answer().text("customer"));
        String session = node.session();
        HttpResponse<byte[]> answer = node.batch(session, 1, 10);
        assertEquals(200, answer.statusCode());
        assertEquals(Optional.of(10L), document(answer).whole("accepted"));
        assertEquals(409, node.batch(session, 20, 21).statusCode());
        assertEquals(10, events(node, "acme").size());
        HttpResponse<byte[]> absent =
                node.http("GET", "/v1/desired/CONFIG/machines", new byte[0], "Authorization", "Bearer " + session);
        assertEquals(Optional.of("desired.absent"), document(absent).text("code"));
        node.renew();
        assertEquals(0, proxy.refused());
        assertTrue(proxy.tunnels().stream()
                .allMatch(t -> t.endsWith(":" + backplane.gateway().getPort())));
    }

    @Test
    void fiftyFollowersThatAskForOneArtifactCauseOneDownload() throws Exception {
        byte[] content = offer("a.bin");
        TestNode node = enrolled("f1");
        List<String> sessions = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            sessions.add(node.session());
        }
        List<Callable<byte[]>> asks = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String session = sessions.get(i % sessions.size());
            asks.add(() -> artifact(node, session).body());
        }
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<byte[]> one : executor.invokeAll(asks)) {
                assertArrayEquals(content, one.get());
            }
        }
        assertTrue(proxy.bytesBack() < SIZE + SIZE / 4, "came through the line: " + proxy.bytesBack());
        HttpResponse<byte[]> part = artifact(node, sessions.getFirst(), "Range", "bytes=10-19");
        assertEquals(206, part.statusCode());
        assertEquals(10, part.body().length);
    }

    @Test
    void aLineThatBreaksInTheMiddleCostsOnlyTheRest() throws Exception {
        byte[] content = offer("a.bin");
        TestNode node = enrolled("f1");
        String session = node.session();
        proxy.cutOnceAfter(SIZE / 2);
        assertArrayEquals(content, artifact(node, session).body());
        assertTrue(proxy.bytesBack() < SIZE + SIZE / 4, "came through the line: " + proxy.bytesBack());
    }

    @Test
    void whileTheSaasIsAwayACopyIsSentToASessionThatItAccepted() throws Exception {
        byte[] content = offer("a.bin");
        TestNode node = enrolled("f1");
        String session = node.session();
        artifact(node, session);
        backplane.kill();
        assertArrayEquals(content, artifact(node, session).body());
        HttpResponse<byte[]> stranger = artifact(node, "0".repeat(64));
        assertEquals(503, stranger.statusCode());
        assertEquals(Optional.of("site.offline"), document(stranger).text("code"));
        assertTrue(stranger.headers().firstValue("Retry-After").isPresent());
    }

    @Test
    void aRenewedCertificateIsShown() throws Exception {
        TestNode node = enrolled("f1");
        service.renewed();
        long end = System.nanoTime() + LONG.toNanos();
        while (service.port() != 0 && System.nanoTime() < end) {
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
        awaitPort();
        assertEquals(64, node.session().length());
    }
}
