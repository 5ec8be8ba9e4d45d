package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.sim.SimJson;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class LoopbackEndpointTest {
    private static TestTls tls;

    private final LiveRuntime runtime = new LiveRuntime();
    private final AtomicBoolean healthy = new AtomicBoolean(true);

    @BeforeAll
    static void makeCertificate() {
        tls = TestTls.fresh();
    }

    private Gateway.Running serve(int port) {
        return new LoopbackEndpoint(new SimJson(), runtime, runtime)
                .serve(port, () -> "mr_up 1\n", () -> Value.obj("healthy", Value.bool(healthy.get())));
    }

    private static GatewayClient.Answer ask(URI url, String method, String path) throws InterruptedException {
        try (GatewayClient client = new GatewayClient(
                url, tls.client(TrustPolicy.system()), Duration.ofSeconds(20), Clients.jdk(Optional.empty()))) {
            return client.send(
                    new GatewayClient.Ask(method, path, Map.of(), new byte[0], Duration.ofSeconds(10), 10_000));
        }
    }

    @Test
    void streamsW30ShowsMetricsAndHealthOnThisMachineOnly() throws InterruptedException {
        try (Gateway.Running running = serve(0)) {
            assertEquals("127.0.0.1", running.url().getHost());
            GatewayClient.Answer metrics = ask(running.url(), "GET", "/metrics");
            assertEquals("mr_up 1\n", new String(metrics.body(), StandardCharsets.UTF_8));
            assertTrue(metrics.header("Content-Type").orElse("").startsWith("text/plain; version=0.0.4"));
            GatewayClient.Answer health = ask(running.url(), "GET", "/health");
            assertEquals(200, health.status());
            assertEquals("{\"healthy\":true}", new String(health.body(), StandardCharsets.UTF_8));
            healthy.set(false);
            assertEquals(503, ask(running.url(), "GET", "/health").status());
            assertEquals(404, ask(running.url(), "GET", "/other").status());
            assertEquals(405, ask(running.url(), "POST", "/metrics").status());
            assertEquals(0, ask(running.url(), "HEAD", "/metrics").body().length);
        }
    }

    @Test
    void cannotServeOnATakenPort() {
        try (Gateway.Running running = serve(0)) {
            int port = running.url().getPort();
            assertEquals(
                    "gateway.port",
                    assertThrows(PortException.Unavailable.class, () -> serve(port))
                            .code());
        }
    }
}
