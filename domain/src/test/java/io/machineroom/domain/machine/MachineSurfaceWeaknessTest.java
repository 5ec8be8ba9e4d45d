package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.transition;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the original's host shows and how it ends, by the numbers of the specification: mended here. */
final class MachineSurfaceWeaknessTest {
    private static final Duration SCAN = Duration.ofSeconds(11);

    private final MachineWorld world = new MachineWorld(9);

    private static Value.Obj asking(String action, String name) {
        return Value.obj("command", Value.text("machines"), "action", Value.text(action), "name", Value.text(name));
    }

    private List<Value.Obj> answers(Value.Obj request) {
        List<Value.Obj> answers = new ArrayList<>();
        world.node.tasks.run(() -> world.host.desk().handle(request, answers::add));
        return answers;
    }

    private String refused(Value.Obj request) {
        List<PortException.Refused> thrown = new ArrayList<>();
        List<Value.Obj> answers = new ArrayList<>();
        world.node.tasks.run(() -> thrown.add(assertThrows(
                PortException.Refused.class, () -> world.host.desk().handle(request, answers::add))));
        assertEquals(List.of(), answers, "one answer or one error, never both");
        return thrown.getFirst().code();
    }

    private Value.Obj lever() {
        return answers(asking("states", "light"))
                .getFirst()
                .obj("watchers")
                .orElseThrow()
                .obj("lever")
                .orElseThrow();
    }

    /** The original offers switches over an HTTP interface that no machine is ever given, and answers "on" to off. */
    @Test
    void w05AndW06SwitchesAreReachedAndAnsweredTruly() {
        Value.Obj lever = watcher("lever", "httpswitch", "", Value.obj("disable_when", Value.texts(List.of("LOCKED"))))
                .without("state_match")
                .with("success_transition", Value.text("on"))
                .with("fail_transition", Value.text("off"));
        world.write(
                "light",
                machine("light", lever)
                        .with(
                                "transitions",
                                Value.arr(
                                        transition("on", "A", "B"),
                                        transition("off", "B", "A"),
                                        transition("lock", "A", "LOCKED"))));
        world.advance(SCAN);
        Value.Obj press = asking("press", "light").with("watcher", Value.text("lever"));
        assertEquals(List.of(Value.obj("success", Value.bool(true))), answers(press.with("on", Value.bool(true))));
        world.advance(Duration.ofSeconds(1));
        assertEquals("B", world.status("light").state());
        assertEquals("on", lever().text("status").orElse(""));
        answers(press.with("on", Value.bool(false)));
        world.advance(Duration.ofSeconds(1));
        assertEquals("A", world.status("light").state());
        assertEquals("off", lever().text("status").orElse(""));
        assertEquals(false, lever().bool("is_on").orElse(true));
        for (Value.Obj odd : List.of(
                press,
                press.with("on", Value.text("yes")),
                press.with("on", Value.bool(true)).with("watcher", Value.text("other")),
                press.with("on", Value.bool(true)).without("watcher"))) {
            assertEquals("machine.press", refused(odd));
        }
        assertEquals("machine.unknown", refused(press.with("name", Value.text("other"))));
        assertTrue(world.host.transition("light", "lock"));
        world.advance(Duration.ofSeconds(1));
        assertEquals("machine.press", refused(press.with("on", Value.bool(true))));
        assertEquals("LOCKED", world.status("light").state());
    }

    /** The original may end before its machines have, or break, because two tasks end one registration. */
    @Test
    void w07TheHostEndsWhenAllItsMachinesHaveAndOnce() {
        AtomicInteger running = new AtomicInteger();
        world.processes.program("work", (command, console) -> {
            running.incrementAndGet();
            try {
                world.node.tasks.sleep(Duration.ofMinutes(10));
            } finally {
                running.decrementAndGet();
            }
            return 0;
        });
        for (int i = 0; i < 8; i++) {
            Value.Obj work = watcher(
                            "w", "exec", "A", Value.obj("command", Value.text("work"), "timeout", Value.text("20m")))
                    .with("interval", Value.text("1s"));
            world.write("m" + i, machine("m" + i, work));
        }
        world.advance(Duration.ofSeconds(30));
        assertEquals(8, running.get());
        world.node.tasks.run(world::stop);
        assertTrue(world.task.done());
        world.node.tasks.settle();
        assertEquals(0, running.get());
        for (int i = 0; i < 8; i++) {
            String name = "m" + i;
            assertEquals(
                    1,
                    world.node.sent("machine_stopped").stream()
                            .filter(d -> d.text("machine").orElse("").equals(name))
                            .count());
        }
        int told = world.node.sent.size();
        world.advance(Duration.ofMinutes(30));
        assertEquals(told, world.node.sent.size(), "nothing of it lives on");
        assertEquals(List.of(), world.node.tasks.failures());
    }

    @Test
    void w21MoreMachinesThanAllowedAreRefusedAndComeWhenThereIsRoom() {
        world.mostMachines = 4;
        world.node.tasks.run(world::stop);
        world.start();
        for (int i = 0; i < 6; i++) {
            world.write("m" + i, machine("m" + i, exec("run", "A", "/bin/true")));
        }
        world.advance(SCAN);
        Map<Boolean, Long> loaded = world.host.machines().stream()
                .collect(java.util.stream.Collectors.partitioningBy(
                        m -> m.loadError().isEmpty(), java.util.stream.Collectors.counting()));
        assertEquals(4L, loaded.get(true), world.host.machines().toString());
        assertTrue(world.host.machines().stream()
                .filter(m -> !m.loadError().isEmpty())
                .allMatch(m -> m.loadError().startsWith("machine.too-many")));
        int told = world.node.sent("machine_rejected").size();
        world.advance(Duration.ofMinutes(2));
        assertEquals(told, world.node.sent("machine_rejected").size(), "told once");
        for (String gone : List.of("m0", "m1")) {
            world.node.store.delete(gone + "/machine.yaml");
            world.node.store.delete(gone);
        }
        world.advance(SCAN.multipliedBy(2));
        assertEquals("A", world.status("m3").state());
        assertEquals("A", world.status("m4").state());
        assertEquals("", world.status("m5").state(), "the manager of machines is one of the four");
        assertEquals(told, world.node.sent("machine_rejected").size());
    }
}
