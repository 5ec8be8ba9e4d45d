package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.host.VirtualRuntime;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.DefinitionReader;
import io.machineroom.domain.machine.DefinitionReader.Readable;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.machine.MachineDefinition;
import io.machineroom.domain.machine.Workbench;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Behaviours of machines that the original's own tests assert, by their numbers; on its own standard machine. */
final class MachineBehavioursTest {
    private final MachineVectors vectors = MachineVectors.find();
    private final YamlFormat yaml = new SnakeYaml();
    private final WatcherCatalog catalog = WatcherCatalog.builtInAnd(List.of(PluginsWatcher.unattached()));
    private final VirtualRuntime world = new VirtualRuntime(Instant.EPOCH, 1);
    private final List<Outgoing> sent = new ArrayList<>();

    private MachineDefinition machine(String directory) {
        byte[] manifest = vectors.bytes(directory + "/machine.yaml");
        return new DefinitionReader(catalog).read(yaml.read(manifest)) instanceof Readable good
                ? good.definition()
                : nothing();
    }

    private static MachineDefinition nothing() {
        throw new AssertionError("the machine is not read");
    }

    private String verdict(String manifest) {
        byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
        return new DefinitionReader(catalog).read(yaml.read(bytes)) instanceof Unreadable bad
                ? bad.faults().getFirst().verdict()
                : "";
    }

    private Workbench bench(String... directories) {
        Workbench.Bench bench = new Workbench.Bench(
                world,
                world,
                world,
                new JacksonJson(),
                Value::obj,
                name -> {
                    throw new PortException.Unavailable("bucket.unreachable", "none here");
                },
                Map.of());
        List<Workbench.Job> jobs = new ArrayList<>();
        for (String directory : directories) {
            jobs.add(new Workbench.Job(machine(directory), Path.of("/"), Value.obj()));
        }
        Events events = new Events("ginkgo", "server", "1", world, world);
        return new Workbench(bench, jobs, events, sent::add, catalog);
    }

    private long count(String type) {
        return sent.stream().filter(o -> o.event().type().equals(type)).count();
    }

    @Test
    void b002AnEmptyManifestNeedsAName() {
        assertEquals("could not load machine.yaml: validation failed: a machine name is required", verdict("{}"));
    }

    @Test
    void b003AndB006TheStandardMachineIsRead() {
        assertEquals("TestMachine", machine("u01-testmachine").name());
    }

    @Test
    void b007WatchersStayInFileOrder() {
        assertEquals(
                List.of("true_1", "true_2"),
                machine("u01-testmachine").watchers().stream()
                        .map(WatcherSpec::name)
                        .toList());
    }

    @Test
    void b009AnInitialStateIsNeeded() {
        assertEquals(
                "could not load machine.yaml: validation failed: an initial state is required",
                verdict("{name: m, version: 1.0.0}"));
    }

    @Test
    void b011ABareTransitionIsOneAndWatchersAreNeeded() {
        assertEquals(
                "could not load machine.yaml: validation failed: no watchers defined",
                verdict("{name: m, version: 1.0.0, initial_state: A, transitions: [{}]}"));
    }

    @Test
    void b013StartingStartsOnce() throws InterruptedException {
        Workbench machines = bench("u01-testmachine");
        machines.start();
        world.advance(Duration.ofSeconds(11));
        assertEquals(1, count("io.machineroom.machine_started.v1"));
        machines.stop();
        assertEquals(1, count("io.machineroom.machine_stopped.v1"));
    }

    @Test
    void b014StoppingWhatNeverStartedIsFine() throws InterruptedException {
        Workbench machines = bench("u01-testmachine");
        machines.stop();
        machines.start();
        machines.stop();
        assertEquals(0, count("io.machineroom.machine_stopped.v1"));
    }

    @Test
    void b016AndB017AndB018StatesAndTransitionsOfTheStandardMachine() throws InterruptedException {
        Workbench machines = bench("u01-testmachine");
        machines.start();
        world.advance(Duration.ofSeconds(1));
        assertEquals("unknown", machines.state("TestMachine").orElse(""));
        assertTrue(machines.fire("TestMachine", "fire_1"));
        assertEquals("one", machines.state("TestMachine").orElse(""));
        assertFalse(machines.fire("TestMachine", "fire_10"));
        assertEquals("one", machines.state("TestMachine").orElse(""));
        assertEquals(1, count("io.machineroom.transition_refused.v1"));
        machines.stop();
    }

    @Test
    void b024AWatcherIsDefinedByExactlyTheseValues() {
        byte[] manifest = """
                name: m
                version: 1.0.0
                initial_state: one
                transitions:
                  - {name: failed, from: [one], destination: two}
                  - {name: passed, from: [one], destination: two}
                watchers:
                  - name: mock
                    type: exec
                    state_match: [one]
                    fail_transition: failed
                    success_transition: passed
                    interval: 1m
                    properties: {command: x}
                """.getBytes(StandardCharsets.UTF_8);
        Readable good = (Readable) new DefinitionReader(catalog).read(yaml.read(manifest));
        assertEquals(
                new WatcherSpec(
                        "mock",
                        "exec",
                        List.of("one"),
                        List.of(),
                        "passed",
                        "failed",
                        Duration.ofMinutes(1),
                        null,
                        Value.obj("command", Value.text("x")),
                        "watchers[0].properties"),
                good.definition().watchers().getFirst());
    }

    @Test
    void twoMachinesOfTheCorpusSubscribeToEachOther() throws InterruptedException {
        Workbench machines = bench("d66-subscribe-pair-a", "d67-subscribe-pair-b");
        machines.start();
        world.advance(Duration.ofSeconds(1));
        assertTrue(machines.fire("producer", "go"));
        world.advance(Duration.ofSeconds(1));
        assertEquals("BUSY", machines.state(machines.names().getLast()).orElse(""));
        machines.stop();
    }

    @Test
    void oneNameWithTwoStartsLeadsOnFromEach() throws InterruptedException {
        MachineDefinition machine = machine("d65-same-name-transitions");
        String event = machine.transitions().stream()
                .map(t -> t.name())
                .filter(name -> machine.transitions().stream()
                                .filter(t -> t.name().equals(name))
                                .count()
                        > 1)
                .findFirst()
                .orElseThrow();
        Workbench machines = bench("d65-same-name-transitions");
        machines.start();
        world.advance(Duration.ofSeconds(1));
        String before = machines.state(machine.name()).orElse("");
        assertTrue(machines.fire(machine.name(), event));
        String between = machines.state(machine.name()).orElse("");
        assertTrue(machines.fire(machine.name(), event));
        assertTrue(!before.equals(between), before + " " + between);
        machines.stop();
    }
}
