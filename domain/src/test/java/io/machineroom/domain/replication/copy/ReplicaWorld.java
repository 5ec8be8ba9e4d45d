package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.ConfigReader;
import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.domain.replication.config.ReplicatorConfig;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.replica.StreamReader.Read;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimForeign;
import io.machineroom.ports.sim.SimHostFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.sim.SimYaml;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

/** Two simulated NATS, {@code source} and {@code target}, and a replicator between them. */
final class ReplicaWorld {
    static final String WORKER =
            "target_stream: TEST_COPY\ntarget_subject_prefix: copy.x.redundant.\ntarget_subject_remove: redundant\n";

    final SimTasks tasks = new SimTasks(7);
    final SimForeign source = new SimForeign(tasks);
    final SimForeign target = new SimForeign(tasks);
    final SimMeter meter = new SimMeter();
    final SimFiles files = SimFiles.fresh(tasks);
    private Tasks.Task running = tasks.fork("nothing", () -> {});

    /** A source stream TEST with so many messages, and an empty target. */
    static ReplicaWorld with(int messages) {
        ReplicaWorld world = new ReplicaWorld();
        world.source.makeStream("TEST", "TEST");
        world.target.makeStream("TEST_COPY", "copy.>");
        world.publish(1, messages);
        return world;
    }

    void publish(int from, int to) {
        for (int i = from; i <= to; i++) {
            source.publish("TEST", "{\"msg\":" + i + ",\"sender\":\"host" + i % 10 + "\"}");
        }
    }

    ReplicatorPorts ports(Optional<FileTree> state) {
        return new ReplicatorPorts(
                tasks,
                tasks.time(),
                tasks.entropy(),
                meter,
                new SimJson(),
                address -> ("source".equals(address.urls().getFirst().getHost()) ? source : target).connect(address),
                new SimHostFiles(files.disk()),
                state);
    }

    static ReplicatorConfig config(String worker) {
        String yaml = "name: GINKGO\nstreams:\n  - stream: TEST\n    source_url: source\n    target_url: target\n"
                + worker.indent(4);
        ConfigReader.Reading reading =
                ConfigReader.read(new SimYaml().read(yaml.getBytes(StandardCharsets.UTF_8)), Path.of("/etc"));
        if (!reading.faults().isEmpty()) {
            throw new AssertionError(reading.faults());
        }
        return reading.config();
    }

    static JobConfig job(String worker) {
        return config(worker).jobs().getFirst();
    }

    /** A replicator that keeps its state. */
    Replicator start(String worker) {
        return start(config(worker), Optional.of(files));
    }

    Replicator start(ReplicatorConfig config, Optional<FileTree> state) {
        Replicator replicator = new Replicator(config, ports(state), "test_host");
        running = tasks.fork("replicator", replicator::run);
        return replicator;
    }

    void stop(Replicator replicator) throws InterruptedException {
        replicator.stop(Duration.ofSeconds(30));
        until(running::done);
    }

    /** Until the target holds that many. */
    void copied(int count) throws InterruptedException {
        until(() -> target.held("TEST_COPY").size() >= count);
    }

    void until(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 6_000; i++) {
            if (condition.getAsBoolean()) {
                return;
            }
            tasks.advance(Duration.ofMillis(100));
        }
        throw new AssertionError("not within ten minutes; the target holds "
                + target.held("TEST_COPY").size());
    }

    List<Read> held() {
        return target.held("TEST_COPY");
    }

    /** The numbers of the source in the order of the target. */
    List<Long> numbers() {
        return held().stream()
                .map(r -> Long.parseLong(
                        r.message().header(CopyHeaders.SOURCE).orElseThrow().split(" ", -1)[1]))
                .toList();
    }

    static List<Long> upTo(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> (long) i).toList();
    }

    static String body(Read read) {
        return new String(read.message().body(), StandardCharsets.UTF_8);
    }
}
