package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.transition;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class MachineHostTest {
    private static final Duration SCAN = Duration.ofSeconds(11);

    private final MachineWorld world = new MachineWorld(3);

    private static Value.Obj success(Value.Obj watcher, String transition) {
        return watcher.with("success_transition", Value.text(transition));
    }

    @Test
    void runsAMachineFromItsFolder() {
        world.write("mine", machine("mine", success(exec("run", "A", "/bin/true"), "go")));
        world.advance(SCAN);
        assertEquals("A", world.status("mine").state());
        world.advance(Duration.ofMinutes(1));
        assertEquals("B", world.status("mine").state());
        assertEquals(List.of("A>B"), world.moves("mine"));
        assertEquals(
                1,
                world.node.sent("machine_loaded").stream()
                        .filter(MachineHostTest::mine)
                        .count());
    }

    private static boolean mine(Value.Obj data) {
        return data.text("machine").orElse("").equals("mine");
    }

    @Test
    void skipsWhatIsNoMachine() {
        Value.Obj any = machine("any", exec("run", "A", "/bin/true"));
        for (String name : List.of("tmp", ".hidden", "x-temp")) {
            world.write(name, any);
        }
        world.node.disk.link(world.node.store.path("link"), "tmp");
        world.advance(SCAN);
        assertEquals(
                List.of("machines_manager"),
                world.host.machines().stream().map(MachineStatus::name).toList());
    }

    @Test
    void tellsOfABadMachineOnceAndTakesItWhenItIsMended() {
        world.write("bad", machine("bad", exec("run", "NOWHERE", "/bin/true")));
        world.advance(Duration.ofMinutes(5));
        assertEquals(1, world.node.sent("machine_rejected").size());
        assertTrue(world.status("bad").loadError().contains("invalid state NOWHERE in state match for watcher run"));
        world.write("bad", machine("bad", exec("run", "A", "/bin/true")));
        world.advance(SCAN);
        assertEquals("", world.status("bad").loadError());
    }

    @Test
    void replacesAMachineWhoseManifestChanged() {
        world.write("mine", machine("mine", success(exec("run", "A", "/bin/true"), "go")));
        world.advance(Duration.ofMinutes(2));
        String before = world.status("mine").id();
        assertEquals("B", world.status("mine").state());
        world.write("mine", machine("mine", exec("run", "A", "/bin/false")));
        world.advance(SCAN);
        assertEquals("A", world.status("mine").state());
        assertNotEquals(before, world.status("mine").id());
        world.node.store.delete("mine");
        world.advance(SCAN);
        assertFalse(world.host.machines().stream().anyMatch(m -> m.name().equals("mine")));
        assertEquals(
                2,
                world.node.sent("machine_stopped").stream()
                        .filter(MachineHostTest::mine)
                        .count());
    }

    @Test
    void aTransitionOfOneMachineFiresAnother() {
        Value.Obj start = transition("start", "A", "B")
                .with(
                        "subscribe",
                        Value.arr(Value.obj("machine_name", Value.text("producer"), "event", Value.text("go"))));
        Value.Obj consumer = machine(
                        "consumer", success(exec("react", "B", "/bin/true").without("interval"), "back"))
                .with("transitions", Value.arr(start, transition("back", "B", "A")));
        world.write("consumer", consumer);
        world.write("producer", machine("producer", success(exec("run", "A", "/bin/true"), "go")));
        world.advance(Duration.ofMinutes(2));
        assertEquals(List.of("A>B", "B>A"), world.moves("consumer"));
    }

    @Test
    void aWatcherWaitsForTheStateOfAnotherMachine() {
        Value.Obj foreign = Value.obj("machine_name", Value.text("other"), "state", Value.text("B"));
        Value.Obj waits =
                success(exec("run", "A", "/bin/true"), "go").with("foreign_state_required", Value.arr(foreign));
        world.write("mine", machine("mine", waits));
        world.write("other", machine("other", exec("never", "A", "/bin/false")));
        world.advance(Duration.ofMinutes(3));
        assertEquals("A", world.status("mine").state());
        assertTrue(world.host.transition("other", "go"));
        world.advance(Duration.ofSeconds(1));
        assertEquals("B", world.status("mine").state());
    }

    @Test
    void w38AWatcherNoticesAtOnceThatAnotherMachineComesAndGoes() {
        Value.Obj foreign = Value.obj("machine_name", Value.text("other"), "state", Value.text("A"));
        Value.Obj waits = exec("run", "A", "/bin/true")
                .with("success_transition", Value.text("go"))
                .with("foreign_state_required", Value.arr(foreign))
                .with("interval", Value.text("1h"));
        world.write("mine", machine("mine", waits));
        world.advance(Duration.ofSeconds(15));
        assertEquals("A", world.status("mine").state());
        world.write("other", machine("other", exec("never", "A", "/bin/false")));
        world.advance(SCAN);
        assertEquals("B", world.status("mine").state(), "loaded is noticed");
    }

    @Test
    void slowsAMachineThatNeverRestsAndStaysReachable() {
        Value.Obj there = success(exec("there", "A", "/bin/true"), "go");
        Value.Obj andBack = success(exec("and_back", "B", "/bin/true"), "back");
        world.write("mine", machine("mine", there, andBack));
        world.advance(Duration.ofMinutes(5));
        int moves = world.moves("mine").size();
        assertTrue(moves > 30 && moves < 130, "moves: " + moves);
        world.write("mine", machine("mine", exec("run", "A", "/bin/true")));
        world.advance(SCAN);
        assertEquals(moves, world.moves("mine").size(), 10);
        assertEquals("A", world.status("mine").state());
    }

    @Test
    void setsDamagedDataAside() {
        world.node.store.replace("mine/machine_data.json", "{\"half".getBytes(StandardCharsets.UTF_8), 0600);
        world.write("mine", machine("mine", exec("run", "A", "/bin/true")));
        world.advance(SCAN);
        assertEquals("", world.status("mine").loadError());
        assertTrue(world.node.store.info("mine/machine_data.json.damaged").isPresent());
    }

    @Test
    void followsASignedListFromTheBucket() throws InterruptedException {
        Value.Obj v1 = world.node.pack(
                "echo", Map.of("machine.yaml", world.text(machine("echo", exec("run", "A", "/bin/true")))));
        world.put("machines", world.node.sign(1, v1));
        world.advance(Duration.ofSeconds(35));
        assertEquals("plugin", world.status("echo").origin());
        assertEquals(1, world.node.sent("plugin_deployed").size());

        Value.Obj v2 = world.node.pack(
                "echo", Map.of("machine.yaml", world.text(machine("echo", exec("other", "A", "/bin/true")))));
        world.put("machines", world.node.sign(2, v2));
        world.advance(Duration.ofSeconds(5));
        assertEquals(2, world.node.sent("plugin_deployed").size(), "a change of the key arrives at once");

        Value.Obj v3 = world.node.pack("echo", Map.of("machine.yaml", "{\"name\":\"echo\"}"));
        world.put("machines", world.node.sign(3, v3));
        world.advance(Duration.ofSeconds(5));
        assertEquals(1, world.node.sent("plugin_rolled_back").size());
        assertEquals("", world.status("echo").loadError());
        assertEquals(2, world.node.sent("plugin_deployed").size());

        world.put("machines", world.node.sign(4, v1));
        world.advance(Duration.ofSeconds(5));
        assertEquals(3, world.node.sent("plugin_deployed").size());

        world.put("machines", world.node.sign(5, v2).with("signature", Value.text("00")));
        world.advance(Duration.ofMinutes(5));
        List<String> codes = world.node.sent("plugin_rejected").stream()
                .map(d -> d.text("code").orElse(""))
                .collect(Collectors.toList());
        assertEquals(List.of("spec.signature"), codes);
        String digest = v1.text("verify_checksum").orElseThrow();
        assertEquals(digest, world.node.plugins().pointer("echo").orElseThrow().current());
        world.stop();
        assertEquals(List.of(), world.host.machines());
        world.linked = false;
        world.start();
        world.advance(Duration.ofMinutes(1));
        assertEquals("A", world.status("echo").state(), "what runs needs no link");
    }

    @Test
    void doesNotRunAPluginThatWasTamperedWithUntilItIsMended() throws InterruptedException {
        Value.Obj good = world.node.pack(
                "echo", Map.of("machine.yaml", world.text(machine("echo", exec("run", "A", "/bin/true")))));
        world.put("machines", world.node.sign(1, good));
        world.advance(Duration.ofSeconds(35));
        world.stop();
        String manifest = "versions/echo/" + good.text("verify_checksum").orElseThrow() + "/machine.yaml";
        world.node.state.replace(manifest, "{\"name\":\"evil\"}".getBytes(StandardCharsets.UTF_8), 0644);
        String url = good.text("source").orElseThrow();
        world.node.artifacts.lie(java.net.URI.create(url), new io.machineroom.ports.sim.SimArtifacts.Lie.Status(503));
        world.start();
        world.advance(Duration.ofSeconds(5));
        assertTrue(world.status("echo").loadError().startsWith("plugin.damaged"));
        world.node.artifacts.lie(java.net.URI.create(url), new io.machineroom.ports.sim.SimArtifacts.Lie.None());
        world.advance(Duration.ofMinutes(3));
        assertEquals("", world.status("echo").loadError());
        assertEquals("A", world.status("echo").state());
        assertEquals(1, world.node.sent("plugin_repaired").size());
    }

    @Test
    void stopsWatchersBeforeMachines() throws InterruptedException {
        world.processes.program("sleep", (command, console) -> {
            world.node.tasks.sleep(Duration.ofHours(1));
            return 0;
        });
        Value.Obj slow = watcher(
                        "run", "exec", "A", Value.obj("command", Value.text("sleep"), "timeout", Value.text("1h")))
                .with("interval", Value.text("1m"));
        world.write("mine", machine("mine", slow));
        world.advance(Duration.ofSeconds(90));
        world.stop();
        assertTrue(world.task.done());
        assertEquals(
                1,
                world.node.sent("machine_stopped").stream()
                        .filter(MachineHostTest::mine)
                        .count());
    }
}
