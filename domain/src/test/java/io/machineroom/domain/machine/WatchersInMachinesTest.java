package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.transition;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What watchers and their machines do together. */
final class WatchersInMachinesTest {
    private static final Duration SCAN = Duration.ofSeconds(11);

    private final MachineWorld world = new MachineWorld(5);

    /** The conventional check: a state and a transition for each answer, a forced check, a rest. */
    private static Value.Obj scout(Value.Obj watcher) {
        List<Value> transitions = new ArrayList<>();
        Value from = Value.texts(List.of("UNKNOWN", "OK", "WARNING", "CRITICAL", "FORCE_CHECK"));
        for (String status : List.of("UNKNOWN", "OK", "WARNING", "CRITICAL")) {
            transitions.add(transition(status, "", status).with("from", from));
        }
        transitions.add(transition("FORCE_CHECK", "", "FORCE_CHECK")
                .with("from", Value.texts(List.of("UNKNOWN", "OK", "WARNING", "CRITICAL"))));
        transitions.add(transition("MAINTENANCE", "", "MAINTENANCE")
                .with("from", Value.texts(List.of("UNKNOWN", "OK", "WARNING", "CRITICAL"))));
        transitions.add(transition("RESUME", "MAINTENANCE", "UNKNOWN"));
        return Value.obj("name", Value.text("scout"), "version", Value.text("1.0.0"))
                .with("initial_state", Value.text("UNKNOWN"))
                .with("transitions", new Value.Arr(transitions))
                .with("watchers", Value.arr(watcher));
    }

    private Value.Obj check() {
        return watcher("check", "nagios", "UNKNOWN", Value.obj("plugin", Value.text("check")))
                .with("state_match", Value.texts(List.of("UNKNOWN", "OK", "WARNING", "CRITICAL")))
                .with("interval", Value.text("5m"));
    }

    @Test
    void aCheckMovesItsMachineToItsAnswer() {
        AtomicInteger code = new AtomicInteger(2);
        world.processes.program("check", (command, console) -> code.get());
        world.write("scout", scout(check()));
        world.advance(Duration.ofMinutes(11));
        assertEquals("CRITICAL", world.status("scout").state());
        code.set(0);
        world.advance(Duration.ofMinutes(5));
        assertEquals("OK", world.status("scout").state());
        assertEquals(List.of("UNKNOWN>CRITICAL", "CRITICAL>OK"), world.moves("scout"));
    }

    @Test
    void aForcedCheckIsDoneAtOnceAlthoughItsStateIsNotMatched() {
        world.processes.program("check", "all right", 0);
        world.write("scout", scout(check()));
        world.advance(SCAN);
        world.host.transition("scout", "FORCE_CHECK");
        world.advance(Duration.ofSeconds(2));
        assertEquals("OK", world.status("scout").state());
        world.host.transition("scout", "MAINTENANCE");
        int before = world.processes.started().size();
        world.advance(Duration.ofHours(1));
        assertEquals("MAINTENANCE", world.status("scout").state());
        assertEquals(before, world.processes.started().size());
        world.host.transition("scout", "RESUME");
        world.advance(Duration.ofMinutes(6));
        assertEquals("OK", world.status("scout").state());
    }

    @Test
    void w26AChangeOfStateRunsAtOnceHoweverLateTheLastRunWas() {
        AtomicInteger runs = new AtomicInteger();
        world.processes.program("count", (command, console) -> runs.incrementAndGet() > 0 ? 0 : 1);
        Value.Obj both = exec("run", "A", "count").with("state_match", Value.texts(List.of("A", "B")));
        world.write("mine", machine("mine", both));
        world.advance(Duration.ofSeconds(71));
        int before = runs.get();
        world.host.transition("mine", "go");
        world.advance(Duration.ofSeconds(1));
        assertEquals(before + 1, runs.get());
    }

    @Test
    void w32AStoppedMachineHasNoTimer() throws InterruptedException {
        Value.Obj timer = watcher("wait", "timer", "A", Value.obj("timer", Value.text("1m")))
                .with("fail_transition", Value.text("go"));
        world.write("mine", machine("mine", timer));
        world.advance(SCAN);
        world.node.tasks.run(() -> world.stop());
        world.node.tasks.advance(Duration.ofMinutes(5));
        assertEquals(List.of(), world.moves("mine"));
    }

    @Test
    void w38AMachineThatWaitsForAnotherIsToldAtOnce() {
        Value.Obj waiting = exec("run", "A", "/bin/true")
                .with("interval", Value.text("1h"))
                .with("success_transition", Value.text("go"))
                .with(
                        "foreign_state_required",
                        Value.arr(Value.obj("machine_name", Value.text("other"), "state", Value.text("B"))));
        world.write("mine", machine("mine", waiting));
        world.write("other", machine("other", exec("idle", "B", "/bin/true")));
        world.advance(Duration.ofMinutes(1));
        assertEquals("A", world.status("mine").state());
        world.host.transition("other", "go");
        world.advance(Duration.ofSeconds(1));
        assertEquals("B", world.status("mine").state());
    }

    @Test
    void aScheduleOpensAndClosesItsMachine() {
        Value.Obj window = watcher("window", "schedule", "A", Value.obj("schedules", Value.text("5 * * * *")))
                .with("state_match", Value.texts(List.of("A", "B")))
                .with("success_transition", Value.text("go"))
                .with("fail_transition", Value.text("back"));
        world.write("mine", machine("mine", window));
        world.advance(Duration.ofMinutes(5).plusSeconds(1));
        assertEquals("B", world.status("mine").state());
        world.advance(Duration.ofMinutes(1));
        assertEquals("A", world.status("mine").state());
        world.advance(Duration.ofHours(2));
        assertEquals(List.of("A>B", "B>A", "A>B", "B>A", "A>B", "B>A"), world.moves("mine"));
    }

    @Test
    void aMachineThatComesBackToItsStateIsToldByAnExpressionAnew() {
        Value.Obj ready = watcher("ready", "expression", "A", Value.obj("success_when", Value.text("true")))
                .with("interval", Value.text("5s"))
                .with("success_transition", Value.text("go"));
        world.write("mine", machine("mine", ready));
        world.advance(Duration.ofSeconds(20));
        assertEquals("B", world.status("mine").state());
        world.host.transition("mine", "back");
        world.advance(Duration.ofSeconds(20));
        assertEquals("B", world.status("mine").state());
        assertTrue(world.moves("mine").size() >= 3, world.moves("mine").toString());
    }
}
