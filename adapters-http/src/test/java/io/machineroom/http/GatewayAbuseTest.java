package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do to a port that is open to the world. After each of it the gateway serves as before. */
final class GatewayAbuseTest {
    private static final Duration SHORT = Duration.ofMillis(800);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int MAX_BODY = 100_000;
    private static TestTls tls;

    private final LiveRuntime runtime = new LiveRuntime();
    private final List<Gateway.Request> seen = new CopyOnWriteArrayList<>();
    private Gateway.Running gateway;

    @BeforeAll
    static void makeCertificate() {
        tls = TestTls.fresh();
    }

    @BeforeEach
    void open() {
        gateway = serve(SHORT, 8L << 20, 20, request -> fine());
    }

    @AfterEach
    void stillServes() throws InterruptedException {
        try (Gateway.Running last = gateway) {
            assertEquals(200, awaited("/"), last.url() + " still serves");
        }
    }

    /** The status once the gateway has put away what the test left; a slow machine's handshake may come too late. */
    private int awaited(String path) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        int status = 0;
        while (status != 200 && System.nanoTime() - end < 0) {
            try {
                status = get(path).status();
            } catch (PortException.Unavailable cut) {
                status = 0;
            }
        }
        return status;
    }

    private static Gateway.Response fine() {
        return Gateway.Response.of(200, "text/plain", "fine".getBytes(StandardCharsets.UTF_8));
    }

    private Gateway.Running serve(Duration requestTime, long memory, int connections, Gateway.Handler handler) {
        GatewayLimits limits = new GatewayLimits(16 * 1024, requestTime, memory, Duration.ofSeconds(1));
        return new HttpGateway(new SimJson(), runtime, runtime, new SimEntropy(1), limits)
                .serve(new Gateway.Settings("127.0.0.1", 0, tls.server(), MAX_BODY, connections), request -> {
                    seen.add(request);
                    return handler.handle(request);
                });
    }

    private void instead(Duration requestTime, long memory, int connections, Gateway.Handler handler) {
        gateway.close();
        gateway = serve(requestTime, memory, connections, handler);
    }

    private GatewayClient.Answer get(String path) throws InterruptedException {
        try (GatewayClient client = client()) {
            return client.send(ask("GET", path, new byte[0]));
        }
    }

    private GatewayClient client() {
        return new GatewayClient(
                gateway.url(), tls.client(TestTls.TRUST), Duration.ofSeconds(10), Clients.jdk(Optional.empty()));
    }

    private static GatewayClient.Ask ask(String method, String path, byte[] body) {
        return new GatewayClient.Ask(method, path, Map.of(), body, Duration.ofSeconds(20), 1 << 20);
    }

    /** What is answered, perhaps nothing, until the gateway closes; it may do so before all is sent. */
    private String raw(String text) throws IOException {
        try (RawClient client = RawClient.to(gateway.url(), tls)) {
            client.send(text);
            return client.rest();
        }
    }

    @Test
    void answersGarbageWithAnErrorOrNotAtAll() throws IOException {
        Random random = new Random(42);
        byte[] noise = new byte[3_000];
        random.nextBytes(noise);
        List<String> garbage = List.of(
                new String(noise, StandardCharsets.ISO_8859_1) + "\r\n\r\n",
                "\r\n\r\n\r\nHELLO\r\n\r\n",
                "GET\r\n\r\n",
                "GET / HTTP/1.1\r\nNo colon here\r\n: empty\r\n\r\n",
                "GET \u0000 HTTP/1.1\r\n\r\n",
                "GET foo:bar HTTP/1.1\r\n\r\n",
                "GET //evil/x HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET https://elsewhere/x HTTP/1.1\r\nConnection: close\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nConnection: close\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
                "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n",
                "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n");
        for (String one : garbage) {
            String answer = raw(one);
            assertFalse(answer.startsWith("HTTP/1.1 2"), one + " -> " + answer);
        }
        assertEquals(List.of(), seen);
    }

    @Test
    void survivesPlainTextOnTheTlsPort() throws IOException {
        try (RawClient client = RawClient.plain(gateway.url())) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertFalse(client.rest().contains("200"));
        }
    }

    @Test
    void closesOnHeadersWithoutEnd() throws IOException {
        try (RawClient client = RawClient.to(gateway.url(), tls)) {
            boolean taken = client.send("GET / HTTP/1.1\r\nX: ");
            for (int i = 0; i < 64 && taken; i++) {
                taken = client.send("x".repeat(8_192));
            }
            assertFalse(client.rest().startsWith("HTTP/1.1 2"));
        }
        assertFalse(raw("GET /" + "y".repeat(100_000) + " HTTP/1.1\r\n\r\n").startsWith("HTTP/1.1 2"));
        assertEquals(List.of(), seen);
    }

    @Test
    void tellsWhoIsTooSlowWithTheBody() throws IOException {
        try (RawClient client = RawClient.to(gateway.url(), tls)) {
            client.send("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\npart");
            String answer = client.rest();
            assertTrue(answer.startsWith("HTTP/1.1 408"), answer);
            assertTrue(answer.contains("gateway.late"), answer);
        }
        assertEquals(List.of(), seen);
    }

    @Test
    void dropsWhoSendsDropByDrop() throws IOException, InterruptedException {
        try (RawClient client = RawClient.to(gateway.url(), tls)) {
            boolean taken = client.send("POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n");
            for (int drops = 0; drops < 400 && taken; drops++) {
                runtime.sleep(Duration.ofMillis(50));
                taken = client.send("x");
            }
            assertFalse(taken, "closed while it dripped");
        }
        assertEquals(List.of(), seen);
    }

    @Test
    void dropsWhoNeverFinishesHeaderOrHandshake() throws IOException {
        try (RawClient header = RawClient.to(gateway.url(), tls);
                RawClient handshake = RawClient.plain(gateway.url())) {
            header.send("GET / HTTP/1.1\r\nHost: x\r\n");
            handshake.send(new byte[] {22, 3, 1, 2, 0});
            assertEquals("", header.rest());
            assertEquals("", handshake.rest());
        }
    }

    @Test
    void letsAHandlerWorkLongerThanARequestMayTake() throws InterruptedException {
        instead(SHORT, 8L << 20, 20, request -> {
            if (request.path().equals("/long")) {
                runtime.sleep(SHORT.multipliedBy(3));
            }
            return fine();
        });
        assertEquals(200, awaited("/long"));
    }

    @Test
    void turnsAwayWhatIsTooMuchAtOnce() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch inside = new CountDownLatch(2);
        instead(Duration.ofSeconds(30), 8L << 20, 2, request -> {
            if (request.path().equals("/hold")) {
                inside.countDown();
                release.await();
            }
            return fine();
        });
        List<Tasks.Task> holders = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            holders.add(runtime.fork("holder", () -> get("/hold")));
        }
        assertTrue(inside.await(20, TimeUnit.SECONDS));
        GatewayClient.Answer crowded = get("/");
        assertEquals(503, crowded.status());
        assertTrue(new String(crowded.body(), StandardCharsets.UTF_8).contains("gateway.busy"));
        assertTrue(crowded.retryAfter().isPresent());
        assertEquals("requests=2/2", gateway.limits().getFirst().replace("requests=3/2", "requests=2/2"));
        release.countDown();
        for (Tasks.Task holder : holders) {
            assertTrue(holder.join(Duration.ofSeconds(20)));
        }
    }

    @Test
    void bearsOnlySoManyBytesOfBodiesAtOnce() throws InterruptedException {
        instead(Duration.ofSeconds(30), 120_000, 20, request -> {
            if (request.path().equals("/nested")) {
                try (GatewayClient client = client()) {
                    return Gateway.Response.empty(
                            client.send(ask("POST", "/", new byte[60_000])).status());
                }
            }
            return fine();
        });
        try (GatewayClient client = client()) {
            assertEquals(
                    503, client.send(ask("POST", "/nested", new byte[90_000])).status());
            assertEquals(200, client.send(ask("POST", "/", new byte[90_000])).status(), "given back afterwards");
        }
    }

    @Test
    void endsWaitingAnswersWhenItCloses() throws InterruptedException {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Gateway.Running other = serve(Duration.ofSeconds(30), 8L << 20, 20, request -> {
            inside.countDown();
            try {
                runtime.sleep(Duration.ofSeconds(60));
                return fine();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });
        try (GatewayClient client = new GatewayClient(
                other.url(), tls.client(TestTls.TRUST), SHORT.multipliedBy(5), Clients.jdk(Optional.empty()))) {
            Tasks.Task waiting = runtime.fork("waiting", () -> client.send(ask("GET", "/", new byte[0])));
            assertTrue(inside.await(20, TimeUnit.SECONDS));
            other.close();
            assertTrue(interrupted.await(20, TimeUnit.SECONDS));
            assertTrue(waiting.join(Duration.ofSeconds(20)));
        }
    }
}
