package io.machineroom.http;

import io.machineroom.ports.contract.GatewayContract;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_METHOD)
final class HttpGatewayContractTest extends GatewayContract {
    private static TestTls tls;

    private final LiveRuntime runtime = new LiveRuntime();

    @BeforeAll
    static void makeCertificate() {
        tls = TestTls.fresh();
    }

    @Override
    protected Gateway.Running serve(int port, Gateway.Handler handler) {
        return new HttpGateway(new SimJson(), runtime, runtime, new SimEntropy(1), GatewayLimits.standard())
                .serve(new Gateway.Settings("127.0.0.1", port, tls.server(), MAX_BODY, 20), handler);
    }

    @Override
    protected Answer ask(
            Gateway.Running gateway, String method, String target, Map<String, String> headers, byte[] body)
            throws InterruptedException {
        try (GatewayClient client = new GatewayClient(
                gateway.url(), tls.client(TestTls.TRUST), Duration.ofSeconds(20), Clients.jdk(Optional.empty()))) {
            GatewayClient.Answer answer =
                    client.send(new GatewayClient.Ask(method, target, headers, body, Duration.ofSeconds(20), 1 << 20));
            Map<String, String> lower = new LinkedHashMap<>();
            answer.response()
                    .headers()
                    .map()
                    .forEach((name, values) -> lower.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
            return new Answer(answer.status(), lower, answer.body());
        }
    }
}
