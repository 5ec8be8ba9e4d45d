package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.transition;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Single rules of watchers and their events (spec 4 and 5) that no other test is about; the number is that of the paragraph. */
final class WatcherRulesTest {
    private static final Duration SCAN = Duration.ofSeconds(11);

    private final MachineWorld world = new MachineWorld(17);
    private final List<String> ran = new ArrayList<>();

    WatcherRulesTest() {
        world.processes.program("note", (command, console) -> {
            ran.add(command.argv().size() > 1 ? command.argv().get(1) : "");
            return 0;
        });
    }

    private void load(String folder, Value manifest) {
        world.write(folder, manifest);
        world.advance(SCAN);
        assertEquals("", world.status(machineName(manifest)).loadError());
    }

    private static String machineName(Value manifest) {
        return ((Value.Obj) manifest).text("name").orElseThrow();
    }

    private List<Value.Obj> states(String machine, String type) {
        return world.node.sent.stream()
                .map(sent -> sent.event().data())
                .filter(d -> d.text("machine").orElse("").equals(machine)
                        && d.text("protocol").orElse("").equals("io.choria.machine.watcher." + type + ".v1.state"))
                .toList();
    }

    @Test
    void r40TheStateIsAnnouncedWhetherActiveOrNot() {
        Value.Obj idle = exec("w", "B", "note").with("announce_interval", Value.text("1m"));
        load("m", machine("m", idle));
        world.advance(Duration.ofSeconds(45));
        assertEquals(0, states("m", "exec").size(), "first after one interval");
        world.advance(Duration.ofMinutes(2));
        assertEquals(2, states("m", "exec").size());
        assertEquals(
                "skipped",
                states("m", "exec").getFirst().text("previous_outcome").orElseThrow());
        assertEquals(List.of(), ran);
    }

    @Test
    void r40ATransitionThatIsNotPossibleStopsNoWatcher() {
        Value.Obj wants = exec("w", "A", "note").with("success_transition", Value.text("back"));
        load("m", machine("m", wants));
        world.advance(Duration.ofMinutes(5));
        assertEquals("A", world.status("m").state());
        assertEquals(5, ran.size());
        assertEquals(1, world.node.sent("transition_refused").size());
    }

    @Test
    void r43AnActiveWatcherRunsAtOnceWhereItsTransitionLeads() {
        Value.Obj both = exec("w", "A", "note").without("state_match").with("success_transition", Value.text("go"));
        load("m", machine("m", both));
        world.advance(Duration.ofSeconds(51));
        assertEquals("B", world.status("m").state());
        assertEquals(2, ran.size(), "once for its interval, once for the state");
    }

    @Test
    void r43AnIntervalCountsFromTheGathering() {
        Value.Obj properties = Value.obj("command", Value.text("note"), "gather_initial_state", Value.bool(true));
        List<Long> at = new ArrayList<>();
        world.processes.program("note", (command, console) -> {
            at.add(world.node.tasks.time().ticks());
            return 0;
        });
        load("m", machine("m", watcher("w", "exec", "A", properties).with("interval", Value.text("7s"))));
        world.advance(Duration.ofMinutes(2));
        for (int i = 1; i < at.size(); i++) {
            long apart = at.get(i) - at.get(i - 1);
            assertTrue(Math.abs(apart - Duration.ofSeconds(7).toNanos()) < 100_000_000, i + ": " + apart);
        }
        assertTrue(at.size() >= 12, at.size() + " runs");
    }

    @Test
    void r413EnteringAStateBeforeTheFirstOccurrenceFails() {
        Value.Obj properties = Value.obj("schedules", Value.text("0 0 1 1 *"), "duration", Value.text("1m"));
        Value.Obj schedule = watcher("w", "schedule", "B", properties).with("fail_transition", Value.text("back"));
        load("m", machine("m", schedule));
        assertEquals(List.of(), world.moves("m"));
        world.host.transition("m", "go");
        world.advance(Duration.ofSeconds(1));
        assertEquals(List.of("A>B", "B>A"), world.moves("m"));
        assertEquals("unknown", states("m", "schedule").getFirst().text("state").orElseThrow());
    }

    @Test
    void r413AtTheStartBeforeTheFirstOccurrenceNothingHappens() {
        Value.Obj properties = Value.obj("schedules", Value.text("0 0 1 1 *"), "duration", Value.text("1m"));
        Value.Obj schedule = watcher("w", "schedule", "A", properties).with("fail_transition", Value.text("go"));
        load("m", machine("m", schedule));
        world.advance(Duration.ofMinutes(1));
        assertEquals(List.of(), world.moves("m"));
        assertEquals(0, states("m", "schedule").size());
    }

    @Test
    void r414EveryChangeOfStateStartsATimerAnew() {
        Value.Obj timer = watcher("w", "timer", "A", Value.obj("timer", Value.text("1m")))
                .without("state_match")
                .with("fail_transition", Value.text("expired"));
        load(
                "m",
                machine("m", timer)
                        .with(
                                "transitions",
                                Value.arr(
                                        transition("go", "A", "B"),
                                        transition("back", "B", "A"),
                                        transition("expired", "B", "C"))));
        world.advance(Duration.ofSeconds(30));
        world.host.transition("m", "go");
        world.advance(Duration.ofSeconds(58));
        assertEquals("B", world.status("m").state());
        world.advance(Duration.ofSeconds(3));
        assertEquals("C", world.status("m").state());
        assertFalse(states("m", "timer").isEmpty());
    }

    @Test
    void r54AnEventOfAWatcherBeginsWithTheCommonFieldsInOrder() {
        load("m", machine("m", exec("w", "A", "note")));
        world.advance(Duration.ofMinutes(1));
        List<String> fields =
                List.copyOf(states("m", "exec").getFirst().fields().keySet());
        assertEquals(
                List.of(
                        "protocol",
                        "identity",
                        "id",
                        "version",
                        "timestamp",
                        "type",
                        "machine",
                        "name",
                        "command",
                        "previous_outcome",
                        "previous_run_time"),
                fields);
    }
}
