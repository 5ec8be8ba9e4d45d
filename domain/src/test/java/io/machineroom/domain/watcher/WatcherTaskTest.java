package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.watcher.WatcherRunner.Made;
import io.machineroom.domain.watcher.WatcherRunner.Reporter;
import io.machineroom.domain.watcher.WatcherTask.Nudge;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherType.IntervalRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WatcherTaskTest {
    private final SimTasks tasks = new SimTasks(3);
    private final Mailbox<Nudge> nudges = WatcherTask.nudges(tasks);
    private final List<String> told = new ArrayList<>();
    private final List<String> wakes = new ArrayList<>();
    private String state = "A";

    /** Writes down what happens to it; the first one moves the machine when it is asked in state A. */
    private final class Noting implements Watcher {
        private final String name;

        Noting(String name) {
            this.name = name;
        }

        @Override
        public Outcome check(Trigger trigger) {
            String at = Long.toString(tasks.time().ticks() / 1_000_000);
            told.add(name + " asked in " + state + " for " + trigger);
            wakes.add(at);
            if (name.equals("mover") && state.equals("A") && trigger == Trigger.INTERVAL) {
                state = "B";
                WatcherTask.nudge(nudges, Nudge.STATE);
            }
            return new Outcome.Unchanged("as before");
        }

        @Override
        public boolean stateChanged(boolean active) {
            told.add(name + " in " + state);
            return false;
        }

        @Override
        public Value.Obj state() {
            return Value.obj();
        }

        @Override
        public void close() {
            told.add(name + " closed");
        }
    }

    private WatcherRunner runner(String name, Duration every) {
        WatcherSpec spec =
                new WatcherSpec(name, "noting", List.of(), List.of(), "", "", every, null, Value.obj(), "watchers/0");
        IntervalRule rule = new IntervalRule(Duration.ZERO, null, false, false, false);
        return new WatcherRunner(new Made("m", spec, rule, new Noting(name)), () -> true, silent(), tasks.time());
    }

    private static Reporter silent() {
        return new Reporter() {
            @Override
            public void found(Outcome outcome, Value.Obj state) {
                assertEquals("as before", outcome.detail());
            }

            @Override
            public void announce(Value.Obj state) {
                throw new AssertionError("nobody asked for an announcement");
            }
        };
    }

    private Tasks.Task run(WatcherRunner... runners) {
        return tasks.fork("watchers", new WatcherTask(List.of(runners), nudges, tasks.time())::run);
    }

    @Test
    void watchersOfOneIntervalAreAskedAtOneWake() {
        run(runner("one", Duration.ofSeconds(1)), runner("two", Duration.ofSeconds(1)));
        tasks.advance(Duration.ofMillis(4_100));
        assertEquals(8, wakes.size());
        for (int i = 0; i < wakes.size(); i += 2) {
            assertEquals(wakes.get(i), wakes.get(i + 1));
        }
    }

    @Test
    void aMoveByOneWatcherIsToldToTheNextBeforeThatIsAsked() {
        run(runner("mover", Duration.ofSeconds(1)), runner("other", Duration.ofSeconds(1)));
        tasks.advance(Duration.ofMillis(1_100));
        assertEquals(
                List.of(
                        "mover in A",
                        "other in A",
                        "mover asked in A for INTERVAL",
                        "mover in B",
                        "other in B",
                        "other asked in B for INTERVAL"),
                told);
    }

    @Test
    void eachKeepsItsOwnInterval() {
        run(runner("quick", Duration.ofSeconds(1)), runner("slow", Duration.ofSeconds(3)));
        tasks.advance(Duration.ofMillis(6_100));
        assertEquals(6, told.stream().filter(t -> t.startsWith("quick asked")).count());
        assertEquals(2, told.stream().filter(t -> t.startsWith("slow asked")).count());
    }

    @Test
    void allAreClosedWhenTheTaskEnds() {
        Tasks.Task task = run(runner("one", Duration.ofHours(1)), runner("two", Duration.ofHours(1)));
        tasks.advance(Duration.ofSeconds(1));
        WatcherTask.nudge(nudges, Nudge.STOP);
        tasks.advance(Duration.ofSeconds(1));
        assertTrue(task.done());
        assertEquals(List.of("one closed", "two closed"), told.subList(2, 4));
    }
}
