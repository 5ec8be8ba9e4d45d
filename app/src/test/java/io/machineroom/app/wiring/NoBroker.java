package io.machineroom.app.wiring;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import java.time.Duration;

/** The broker of a host that has none. */
final class NoBroker implements Broker {
    @Override
    public String missing() {
        return "there are no brokers here";
    }

    @Override
    public Running start(Spec spec, Duration patience) {
        throw new PortException.Unavailable("broker.missing", missing());
    }
}
