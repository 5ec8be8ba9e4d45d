package io.machineroom.app.wiring;

import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.Endpoint;
import java.util.Optional;

/** The gateway of the enrolment in force, for artifacts; set when the provisioned mode starts. */
final class GatewayHolder implements CurrentEndpoint {
    private volatile Optional<Endpoint> current = Optional.empty();

    void set(Optional<Endpoint> endpoint) {
        current = endpoint;
    }

    @Override
    public Optional<Endpoint> https() {
        return current;
    }
}
