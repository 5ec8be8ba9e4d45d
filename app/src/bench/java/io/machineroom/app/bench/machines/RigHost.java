package io.machineroom.app.bench.machines;

import io.machineroom.app.codec.CloudEventsProtobufFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.host.CommonsArchiveReader;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.LocalHostFiles;
import io.machineroom.app.host.LocalProcessRunner;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.deployment.DeployerSettings;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.HostPorts;
import io.machineroom.domain.machine.HostSettings;
import io.machineroom.domain.machine.MachineHost;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.VerifyKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;

/** A running machine host of the real parts. Each event is encoded as the agent does before it spools it, and dropped. */
final class RigHost implements AutoCloseable {
    private static final Value.Obj FACTS =
            Value.obj("load", Value.obj("one", Value.num(0.4), "five", Value.num(0.3)), "dc", Value.text("lon"));

    private final CloudEventsProtobufFormat format = new CloudEventsProtobufFormat(new JacksonJson());
    private final LongAdder bytes = new LongAdder();
    private final LongAdder transitions = new LongAdder();
    private final Pulse pulse;
    private final MachineHost host;
    private final Tasks.Task task;

    /**
     * Starts a host.
     *
     * @param folder holds {@code machines}, the machine store; {@code state} is made in it
     */
    RigHost(Path folder, RigWorld world) throws IOException {
        this.pulse = world.pulse();
        Files.createDirectories(folder.resolve("machines"));
        Files.createDirectories(folder.resolve("state"));
        SystemRuntime runtime = new SystemRuntime();
        VirtualThreadTasks tasks = new VirtualThreadTasks();
        HostPorts ports = new HostPorts(
                tasks,
                world.time(),
                runtime,
                new JacksonJson(),
                new SnakeYaml(),
                new Ed25519Signatures(),
                world.artifacts(),
                new CommonsArchiveReader(),
                new LocalProcessRunner(),
                new BeatingFiles(new LocalHostFiles(), pulse),
                new LocalFileTree(folder.resolve("machines")),
                new LocalFileTree(folder.resolve("state")),
                LocalFileTree::new,
                this::facts,
                world.buckets(),
                Map.of());
        Events events = new Events("node.example.net", Events.COMPONENT_SERVER, "1", runtime, runtime);
        this.host =
                new MachineHost(settings(world.key()), ports, events, this::take, WatcherCatalog.builtInAnd(List.of()));
        this.task = tasks.fork("machines", host::run);
    }

    private static HostSettings settings(Optional<VerifyKey.Ed25519> key) {
        DeployerSettings deployment = new DeployerSettings(
                key,
                "",
                "",
                OptionalLong.empty(),
                () -> 0,
                Duration.ofMinutes(2),
                Duration.ZERO,
                Duration.ofSeconds(30),
                ArchiveLimits.defaults());
        return new HostSettings(Duration.ofSeconds(10), Duration.ofSeconds(30), deployment, 10_000, 32);
    }

    private Value.Obj facts() {
        pulse.beat("facts");
        return FACTS;
    }

    private void take(Outgoing event) {
        bytes.add(format.encode(event.event()).length);
        if (event.event().type().equals("io.choria.machine.v1.transition")) {
            transitions.increment();
        }
    }

    MachineHost machines() {
        return host;
    }

    long transitions() {
        return transitions.sum();
    }

    /** Machines of the rig whose watchers run. */
    long started() {
        return host.machines().stream()
                .filter(m -> m.startTime() > 0 && m.name().startsWith("machine0"))
                .count();
    }

    @Override
    public void close() {
        task.cancel();
        try {
            if (!task.join(Duration.ofMinutes(1))) {
                throw new IllegalStateException("the machine host does not stop");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
