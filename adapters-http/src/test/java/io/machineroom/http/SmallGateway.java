package io.machineroom.http;

import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.sim.SimEntropy;
import io.machineroom.ports.sim.SimJson;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A gateway as a process of its own, to be given a small heap. Says its address, and ends with its input. */
final class SmallGateway {
    private SmallGateway() {}

    /** The command line. */
    public static void main(String[] args) throws IOException {
        LiveRuntime runtime = new LiveRuntime();
        Gateway.Running gateway = new HttpGateway(
                        new SimJson(), runtime, runtime, new SimEntropy(1), GatewayLimits.standard())
                .serve(new Gateway.Settings("127.0.0.1", 0, TestTls.fresh().server(), 1 << 20, 1_024), request -> {
                    runtime.sleep(Duration.ofMillis(200));
                    return new Gateway.Response(200, Map.of(), request.body(), null);
                });
        System.out.println(gateway.url());
        int told = System.in.read();
        gateway.close();
        System.exit(told < 0 ? 0 : 1);
    }
}
