package io.machineroom.ports.sim;

import io.machineroom.ports.contract.GatewayContract;
import io.machineroom.ports.gateway.Gateway;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import javax.net.ssl.SSLContext;

final class SimGatewayTest extends GatewayContract {
    private final SimGateway gateway = new SimGateway();

    @Override
    protected Gateway.Running serve(int port, Gateway.Handler handler) {
        try {
            return gateway.serve(new Gateway.Settings("sim", port, SSLContext.getDefault(), MAX_BODY, 10), handler);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    protected Answer ask(
            Gateway.Running running, String method, String target, Map<String, String> headers, byte[] body)
            throws InterruptedException {
        Gateway.Response response = gateway.exchange(running.url(), method, target, headers, body);
        return new Answer(response.status(), response.headers(), response.body());
    }
}
