package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.host.LocalHostFiles;
import io.machineroom.app.host.PrometheusTextFiles;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.MachineHost;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.MetricFiles;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Published data of the watchers, used by the whole machine host with the real parts of this host. */
final class WatcherVectorsTest {
    private static final String SUMS = "40cb790b7199be45f3116354f87b2bdc3aa520a1eb056aa3608911cf40d1f821";

    private final MachineVectors vectors = MachineVectors.find();
    private final LinkedBlockingQueue<Value.Obj> states = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    private MachineHost host() {
        return new RealHost(folder, this::take)
                .extras(Map.of(MetricFiles.class, new PrometheusTextFiles(folder, new LocalHostFiles())))
                .make();
    }

    private void take(Outgoing event) {
        Value.Obj data = event.event().data();
        boolean state = event.event().type().startsWith("io.choria.machine.watcher.");
        if (state && data.text("machine").orElse("").equals("mine")) {
            states.add(data);
        }
    }

    /** Runs a machine with one watcher until its first state event. */
    private Value.Obj first(String watcher) throws Exception {
        Path machine = Files.createDirectories(folder.resolve("machines/mine"));
        Files.createDirectories(folder.resolve("state"));
        Files.writeString(machine.resolve("machine.yaml"), """
                        name: mine
                        version: 1.0.0
                        initial_state: A
                        transitions:
                          - {name: go, from: [A], destination: B}
                        watchers:
                        """ + watcher.indent(2));
        Tasks.Task task = new VirtualThreadTasks().fork("machines", host()::run);
        try {
            return Optional.ofNullable(states.poll(30, TimeUnit.SECONDS)).orElse(Value.obj());
        } finally {
            task.cancel();
            assertTrue(task.join(Duration.ofSeconds(30)));
        }
    }

    private void copy(String from, Path to) throws Exception {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(vectors.path(from))) {
            for (Path file : files.toList()) {
                Files.write(to.resolve(file.getFileName()), Files.readAllBytes(file));
            }
        }
    }

    private Value.Obj archive(String vector, String sums) throws Exception {
        Path target = folder.resolve("target");
        copy("data/archive/" + vector, target.resolve("app"));
        return first("""
                - name: dl
                  type: archive
                  interval: 1m
                  properties:
                    source: http://127.0.0.1:1/app.tgz
                    creates: app
                    target: %s
                    checksum: %s
                    verify: SHA256SUMS
                    verify_checksum: "%s"
                """.formatted(target, SUMS, sums));
    }

    @Test
    void b083AGoodDirectoryIsVerified() throws Exception {
        assertEquals("verified", archive("good", SUMS).text("previous_outcome").orElseThrow());
    }

    @Test
    void b078TheSumMayComeFromALookup() throws Exception {
        String lookup = "{{ lookup `facts.none` `" + SUMS + "` }}";
        assertEquals(
                "verified", archive("good", lookup).text("previous_outcome").orElseThrow());
    }

    @Test
    void b082ABadDirectoryIsFetchedAnew() throws Exception {
        Value.Obj state = archive("bad", SUMS);
        assertEquals("error", state.text("previous_outcome").orElseThrow());
        assertTrue(state.text("reason").orElseThrow().startsWith("artifact.unreachable"), state.toString());
    }

    @Test
    void b079AnotherSumOfTheSumsIsFetchedAnew() throws Exception {
        assertEquals("error", archive("good", "x").text("previous_outcome").orElseThrow());
    }

    @Test
    void b075WorkIsDoneBelowTmpOfTheTarget() throws Exception {
        archive("bad", SUMS);
        Path work = folder.resolve("target/tmp");
        assertTrue(Files.isDirectory(work));
        assertFalse(Files.exists(folder.resolve("target/app.tgz")));
    }

    @Test
    void b101TheMetricScriptIsMeasured() throws Exception {
        Path machine = Files.createDirectories(folder.resolve("machines/mine"));
        Files.write(machine.resolve("metric.sh"), vectors.bytes("data/metric.sh"));
        Files.setPosixFilePermissions(
                machine.resolve("metric.sh"), java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        Value.Obj state = first("""
                - name: Load One
                  type: metric
                  properties:
                    command: ./metric.sh
                    interval: 1s
                    timeout: 20s
                    labels: {dupe: w}
                """);
        Value.Obj told = state.obj("metrics").orElseThrow();
        assertEquals(List.of("dupe", "format", "unique"), labels(told));
        assertEquals("w", told.obj("labels").orElseThrow().text("dupe").orElseThrow());
        assertEquals("u", told.obj("labels").orElseThrow().text("unique").orElseThrow());
        Value.Obj metrics = told.obj("metrics").orElseThrow();
        assertEquals(Value.num(1.1), metrics.get("v2").orElseThrow());
        assertTrue(((Value.Num) metrics.get("choria_runtime_seconds").orElseThrow()).asDouble() > 0);
    }

    private static List<String> labels(Value.Obj told) {
        return List.copyOf(told.obj("labels").orElseThrow().fields().keySet());
    }
}
