package io.machineroom.ports.gateway;

import io.machineroom.ports.data.Value;
import java.util.function.Supplier;

/** A small plain-HTTP server for programs on the same machine; never reachable from outside. */
public interface LocalEndpoint {
    /**
     * Serves {@code GET /metrics} (Prometheus text) and {@code GET /health} (JSON) on 127.0.0.1 until
     * closed. Health answers 200, or 503 when its field {@code "healthy"} says false.
     *
     * @param port port; 0 picks a free one
     * @param metrics called once a request; must not block long
     * @param health called once a request; must not block long
     * @throws io.machineroom.ports.PortException.Unavailable {@code gateway.port} when the port is taken
     */
    Gateway.Running serve(int port, Supplier<String> metrics, Supplier<Value.Obj> health);
}
