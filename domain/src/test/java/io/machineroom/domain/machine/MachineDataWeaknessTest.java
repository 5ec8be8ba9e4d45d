package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Limits and data: what the original does badly and this build mended, by the numbers of the specification. */
final class MachineDataWeaknessTest {
    private final MachineWorld world = new MachineWorld(3);

    private Optional<Value.Obj> data(String machine) {
        List<Value.Obj> answers = new java.util.ArrayList<>();
        Value.Obj request = Value.obj("action", Value.text("data"), "name", Value.text(machine));
        world.node.tasks.run(() -> world.host.desk().handle(request, answers::add));
        return answers.getFirst().obj("data");
    }

    private List<Value.Obj> sent(String kind, String machine) {
        return world.node.sent(kind).stream()
                .filter(d -> d.text("machine").orElse("").equals(machine))
                .toList();
    }

    @Test
    void w16WholeNumbersPrintPlainlyAndNothingTakesTheDefault() {
        List<String> seen = new java.util.concurrent.CopyOnWriteArrayList<>();
        world.processes.program("show", (command, console) -> {
            seen.add(String.join(" ", command.argv()));
            return 0;
        });
        world.facts = Value.obj("n", Value.num(1_000_000), "nothing", Value.nil());
        String template = "show {{ lookup \"facts.n\" 0 }} {{ lookup \"facts.nothing\" \"none\" }}";
        world.write("mine", machine("mine", exec("run", "A", template)));
        world.advance(Duration.ofMinutes(2));
        assertEquals("show 1000000 none", seen.getFirst());
    }

    @Test
    void w22TheKeysOfOneOutputAreOneWrite() {
        Value.Obj run = watcher(
                        "run", "exec", "A", Value.obj("command", Value.text("json"), "parse_as_data", Value.bool(true)))
                .with("interval", Value.text("5s"));
        world.processes.program("json", "{\"a\":1,\"b\":2,\"c\":3}", 0);
        world.write("mine", machine("mine", run));
        List<Optional<Value.Obj>> states = new java.util.ArrayList<>();
        world.node.tasks.afterEachStep(() -> world.node
                .store
                .read("mine/machine_data.json", 1000)
                .map(content -> (Value.Obj) world.node.json.read(content))
                .ifPresent(value -> states.add(Optional.of(value))));
        world.advance(Duration.ofSeconds(20));
        assertEquals(1, states.stream().distinct().count(), "never some of the keys: " + states);
    }

    @Test
    void w21OnlySoManyCommandsRunAtOnce() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        world.processes.program("work", (command, console) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            world.node.tasks.sleep(Duration.ofSeconds(5));
            now.decrementAndGet();
            return 0;
        });
        Value.Obj[] watchers = new Value.Obj[40];
        for (int i = 0; i < watchers.length; i++) {
            watchers[i] = watcher(
                            "w" + i, "exec", "A", Value.obj("command", Value.text("work"), "timeout", Value.text("1m")))
                    .with("interval", Value.text("30s"));
        }
        world.write("busy", machine("busy", watchers));
        world.advance(Duration.ofMinutes(2));
        assertEquals(32, most.get());
    }

    @Test
    void w22DataThatIsNoObjectIsKeptAsideAndTold() {
        world.node.store.makeDirectory("mine", 0700);
        world.node.store.replace("mine/machine_data.json", "null".getBytes(StandardCharsets.UTF_8), 0600);
        Value.Obj run = watcher(
                        "run", "exec", "A", Value.obj("command", Value.text("json"), "parse_as_data", Value.bool(true)))
                .with("interval", Value.text("5s"));
        world.processes.program("json", "{\"n\":1}", 0);
        world.write("mine", machine("mine", run));
        world.advance(Duration.ofSeconds(20));
        assertEquals(Value.obj("n", Value.num(1)), data("mine").orElseThrow());
        List<Value.Obj> told = sent("machine_data_damaged", "mine");
        assertEquals(1, told.size());
        assertTrue(told.getFirst().text("kept").orElse("").endsWith("machine_data.json.damaged"));
    }

    @Test
    void w23DataSurviveTheUpgradeOfAPlugin() {
        Value.Obj keeps = watcher(
                        "run", "exec", "A", Value.obj("command", Value.text("json"), "parse_as_data", Value.bool(true)))
                .with("interval", Value.text("5s"));
        world.processes.program("json", "{\"n\":1}", 0);
        Value.Obj v1 = world.node.pack("echo", Map.of("machine.yaml", world.text(machine("echo", keeps))));
        world.put("machines", world.node.sign(1, v1));
        world.advance(Duration.ofSeconds(60));
        Value.Obj v2 = world.node.pack(
                "echo", Map.of("machine.yaml", world.text(machine("echo", exec("other", "A", "/bin/true")))));
        world.put("machines", world.node.sign(2, v2));
        world.advance(Duration.ofSeconds(30));
        assertEquals(2, world.node.sent("plugin_deployed").size());
        assertEquals(Value.obj("n", Value.num(1)), data("echo").orElseThrow());
    }
}
