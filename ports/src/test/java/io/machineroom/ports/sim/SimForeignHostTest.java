package io.machineroom.ports.sim;

import io.machineroom.ports.contract.StreamHostContract;
import io.machineroom.ports.replica.HostAddress;
import io.machineroom.ports.replica.HostLogin;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.runtime.Tasks;
import java.net.URI;
import java.time.Duration;
import java.util.List;

final class SimForeignHostTest extends StreamHostContract {
    private final SimTasks tasks = new SimTasks(5);
    private final SimForeign server = new SimForeign(tasks);

    @Override
    protected void within(Tasks.Body body) {
        tasks.run(body);
    }

    @Override
    protected StreamHost host() {
        return server.connect(new HostAddress(
                List.of(URI.create("nats://simulated")),
                new HostLogin.Anonymous(),
                HostAddress.Tls.plain(),
                "test",
                Duration.ofSeconds(5)));
    }

    @Override
    protected void deleteConsumer(String stream, String consumer) {
        server.deleteConsumer(stream, consumer);
    }

    @Override
    protected void deleteStream(String stream) {
        server.deleteStream(stream);
    }

    @Override
    protected void makeBucket(String name) {
        server.makeBucket(name, Duration.ofSeconds(30));
    }

    @Override
    protected Tasks tasks() {
        return tasks;
    }
}
