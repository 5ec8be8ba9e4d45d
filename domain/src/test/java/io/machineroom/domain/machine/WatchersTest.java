package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Watchers in their machines. */
final class WatchersTest {
    private static final Duration SCAN = Duration.ofSeconds(11);

    private final MachineWorld world = new MachineWorld(3, new Brittle());

    private static Value.Obj success(Value.Obj watcher, String transition) {
        return watcher.with("success_transition", Value.text(transition));
    }

    /** A vendor's watcher that breaks in its check, or in telling its state. */
    private record Brittle() implements WatcherType {
        @Override
        public String name() {
            return "brittle";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofSeconds(1), Duration.ofSeconds(1), false, false, false);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            boolean state = properties.bool("state", false);
            return new Watcher() {
                @Override
                public Outcome check(Trigger trigger) {
                    throw new UnsupportedOperationException("broken");
                }

                @Override
                public Value.Obj state() {
                    if (state) {
                        throw new UnsupportedOperationException("broken");
                    }
                    return Value.obj();
                }
            };
        }
    }

    @Test
    void aWatcherThatBreaksFailsAndIsAskedAgain() {
        Value.Obj broken = watcher("b", "brittle", "A", Value.obj()).with("fail_transition", Value.text("go"));
        world.write("mine", machine("mine", broken));
        world.advance(SCAN.plusSeconds(2));
        assertEquals("B", world.status("mine").state());
    }

    @Test
    void aMachineWhoseWatcherEndsIsToldAndStartedAgain() {
        Value.Obj broken = watcher("b", "brittle", "A", Value.obj("state", Value.bool(true)));
        world.write("mine", machine("mine", broken));
        world.node.tasks.advance(SCAN.plusSeconds(5));
        world.node.tasks.advance(Duration.ofMinutes(2));
        List<Value.Obj> rejected = world.node.sent("machine_rejected");
        assertEquals("machine.broken", rejected.getFirst().text("code").orElseThrow());
        assertTrue(rejected.size() > 1 && rejected.size() < 10, "tried " + rejected.size() + " times");
    }

    @Test
    void brokenJsonInAKeyChangesNothingAndIsToldOnce() {
        Value.Obj kv = watcher("cfg", "kv", "A", Value.obj("bucket", Value.text("CONFIG"), "key", Value.text("app")))
                .with("interval", Value.text("10s"));
        world.write("mine", machine("mine", success(kv, "go")));
        world.put("app", "{\"a\": 1}");
        world.advance(SCAN);
        assertEquals("B", world.status("mine").state());
        world.host.transition("mine", "back");
        world.put("app", "{\"a\": }");
        world.advance(Duration.ofMinutes(2));
        assertEquals("A", world.status("mine").state());
        assertEquals(1, world.node.sent("kv_rejected").size());
        assertEquals(
                "{\"CONFIG_app\":{\"a\":1}}",
                new String(
                        world.node.store.read("mine/machine_data.json", 1000).orElseThrow(), StandardCharsets.UTF_8));
    }

    @Test
    void timersCountFromTheEntryOfTheirState() {
        Value.Obj timer = watcher("wait", "timer", "B", Value.obj("timer", Value.text("30s")))
                .with("fail_transition", Value.text("back"));
        world.write("mine", machine("mine", timer));
        world.advance(SCAN);
        world.host.transition("mine", "go");
        world.advance(Duration.ofSeconds(29));
        assertEquals(List.of("A>B"), world.moves("mine"));
        world.advance(Duration.ofSeconds(2));
        assertEquals(List.of("A>B", "B>A"), world.moves("mine"));
        List<String> states = world.node.sent.stream()
                .map(o -> o.event())
                .filter(e -> e.type().equals("io.choria.machine.watcher.timer.v1.state"))
                .map(e -> e.data().text("state").orElse(""))
                .toList();
        assertEquals(List.of("running", "stopped"), states);
    }

    @Test
    void commandsSeeTheirMachine() {
        world.processes.program("check", (command, console) -> {
            assertEquals("mine", command.environment().get("MACHINE_NAME"));
            assertEquals("run", command.environment().get("MACHINE_WATCHER_NAME"));
            assertEquals("LON", command.environment().get("DC"));
            assertEquals(List.of("check", "--dc", "lon"), command.argv());
            assertTrue(command.environment().get("PATH").endsWith(":/node/machines/mine"));
            assertEquals(
                    "{}",
                    new String(
                            world.node
                                    .disk
                                    .content(java.nio.file.Path.of(
                                            command.environment().get("WATCHER_DATA")))
                                    .orElseThrow(),
                            StandardCharsets.UTF_8));
            console.out("{\"size\": 3, \"ok\": true}");
            return 0;
        });
        Value.Obj properties = Value.obj(
                "command", Value.text("check --dc '{{ lookup \"facts.dc\" \"none\" }}' # comment"),
                "environment", Value.texts(List.of("DC={{ lookup \"facts.dc\" \"\" | ToUpper }}")),
                "parse_as_data", Value.text("true"));
        world.write(
                "mine",
                machine(
                        "mine",
                        success(watcher("run", "exec", "A", properties), "go").with("interval", Value.text("1m"))));
        world.advance(Duration.ofMinutes(2));
        assertEquals("B", world.status("mine").state());
        assertEquals(
                "{\"size\":3,\"ok\":true}",
                new String(
                        world.node.store.read("mine/machine_data.json", 1000).orElseThrow(), StandardCharsets.UTF_8));
        assertTrue(world.node.state.list("run").isEmpty());
    }

    @Test
    void keepsAFileAsItShouldBe() {
        Value.Obj properties = Value.obj(
                        "path", Value.text("/etc/app.conf"),
                        "contents", Value.text("dc={{ lookup \"facts.dc\" \"\" }}\n"),
                        "owner", Value.text("root"))
                .with("group", Value.text("root"))
                .with("mode", Value.text("0640"));
        world.write("mine", machine("mine", watcher("conf", "file", "A", properties)));
        world.advance(Duration.ofSeconds(20));
        java.nio.file.Path path = java.nio.file.Path.of("/etc/app.conf");
        assertEquals("dc=lon\n", new String(world.node.disk.content(path).orElseThrow(), StandardCharsets.UTF_8));
        world.node.disk.put(path, "hacked".getBytes(StandardCharsets.UTF_8));
        world.advance(Duration.ofSeconds(10));
        assertEquals("dc=lon\n", new String(world.node.disk.content(path).orElseThrow(), StandardCharsets.UTF_8));
    }

    @Test
    void keepsADirectoryEqualToItsArchive() {
        Value.Obj entry = world.node.pack("app", Map.of("run.sh", "echo"));
        Value.Obj properties = Value.obj(
                        "source",
                                Value.text("{{ lookup \"data.none\" \""
                                        + entry.text("source").orElseThrow() + "\" }}"),
                        "checksum", entry.get("checksum").orElseThrow(),
                        "verify_checksum", entry.get("verify_checksum").orElseThrow())
                .with("verify", Value.text("SHA256SUMS"))
                .with("target", Value.text("/opt"))
                .with("creates", Value.text("app"));
        world.write(
                "mine",
                machine("mine", watcher("dl", "archive", "A", properties).with("interval", Value.text("1m"))));
        world.advance(SCAN);
        java.nio.file.Path file = java.nio.file.Path.of("/opt/app/run.sh");
        assertEquals("echo", new String(world.node.disk.content(file).orElseThrow(), StandardCharsets.UTF_8));
        world.node.disk.put(file, "evil".getBytes(StandardCharsets.UTF_8));
        world.node.disk.put(file.resolveSibling("more"), "evil".getBytes(StandardCharsets.UTF_8));
        world.advance(Duration.ofMinutes(1));
        assertEquals("echo", new String(world.node.disk.content(file).orElseThrow(), StandardCharsets.UTF_8));
        assertTrue(world.node.disk.content(file.resolveSibling("more")).isEmpty());
        world.advance(Duration.ofMinutes(1));
        List<String> outcomes = world.node.sent.stream()
                .map(o -> o.event())
                .filter(e -> e.type().equals("io.choria.machine.watcher.archive.v1.state"))
                .map(e -> e.data().text("previous_outcome").orElse(""))
                .toList();
        assertEquals(List.of("downloaded", "downloaded", "verified"), outcomes);
    }
}
