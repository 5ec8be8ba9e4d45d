package io.machineroom.nats;

import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.host.ProcessRunner;
import java.net.URI;
import java.time.Duration;

/** A started {@code nats-server}. */
record NatsServerProcess(ProcessRunner.Child child, URI url) implements Broker.Running {
    @Override
    public long pid() {
        return child.pid();
    }

    @Override
    public boolean alive() {
        return child.alive();
    }

    @Override
    public void stop(Duration grace) throws InterruptedException {
        if (child.alive()) {
            child.stop(grace);
        }
    }
}
