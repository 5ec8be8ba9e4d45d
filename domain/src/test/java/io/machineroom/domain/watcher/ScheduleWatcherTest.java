package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.Watcher.Trigger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Schedules in simulated time, which begins at 2026-01-01T00:00:00Z. */
final class ScheduleWatcherTest {
    private final Bench bench = new Bench();
    private final ScheduleWatcher.Type type = new ScheduleWatcher.Type();

    /** Asks as its runner would, and notes the minute and second of every change. */
    private List<String> changes(Watcher watcher, Duration time) {
        List<String> out = new ArrayList<>();
        long end = bench.time().ticks() + time.toNanos();
        Trigger trigger = Trigger.WOKEN;
        while (bench.time().ticks() - end < 0) {
            Outcome outcome = bench.ask(watcher, trigger);
            if (outcome.announce()) {
                long second =
                        Duration.between(SimTasks.START, bench.time().wall()).toSeconds();
                out.add(second / 60 + ":" + second % 60 + " " + outcome.detail());
            }
            Duration again = outcome.again();
            bench.tasks.advance(again == null ? time : again);
        }
        return out;
    }

    @Test
    void b118TwoSchedulesAreTakenInOrder() {
        assertEquals("", bench.fault(type, "{'duration':'1h','schedules':['* * * * *','1 * * * *']}"));
    }

    @Test
    void b120AndW31WithoutDurationAPeriodLastsAMinute() {
        Watcher watcher = bench.make(type, "{'schedules':['5 * * * *','10 * * * *']}");
        assertEquals(List.of(), bench.properties.faults());
        assertEquals(List.of("5:0 on", "6:0 off", "10:0 on", "11:0 off"), changes(watcher, Duration.ofMinutes(30)));
    }

    @Test
    void b121SplayIsAtMostHalfTheDuration() {
        assertEquals(
                "start splay 1m0s is bigger than half the duration 1m0s",
                bench.fault(type, "{'duration':'1m','start_splay':'1m','schedules':['* * * * *']}"));
        assertEquals(
                "start splay 1s is bigger than half the duration 0s",
                bench.fault(type, "{'start_splay':'1s','schedules':['* * * * *']}"));
        assertEquals("", bench.fault(type, "{'duration':'2m','start_splay':'1m','schedules':['* * * * *']}"));
    }

    @Test
    void noSchedulesAndBadOnesAreRefused() {
        assertEquals("no schedules defined", bench.fault(type, "{'duration':'1m'}"));
        assertEquals(
                "could not parse '* * *': Expected exactly 5 fields, found 3: * * *",
                bench.fault(type, "{'schedules':['* * *']}"));
        assertEquals("", bench.fault(type, "{'schedules':'0 3 * * 6'}"));
    }

    @Test
    void b123TheEventSaysTheState() {
        Watcher watcher = bench.make(type, "{'duration':'10m','schedules':['1 * * * *']}");
        assertEquals("{\"state\":\"unknown\"}", bench.text(watcher.state()));
        bench.ask(watcher, Trigger.START);
        bench.tasks.advance(Duration.ofMinutes(1));
        assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.WOKEN));
        assertEquals("{\"state\":\"on\"}", bench.text(watcher.state()));
    }

    @Test
    void overlappingPeriodsKeepItOn() {
        Watcher watcher = bench.make(type, "{'duration':'10m','schedules':['5 * * * *','10 * * * *']}");
        assertEquals(List.of("5:0 on", "20:0 off"), changes(watcher, Duration.ofMinutes(50)));
    }

    @Test
    void aSplayShortensThePeriodAtItsBeginning() {
        Watcher watcher = bench.make(type, "{'duration':'10m','start_splay':'5m','schedules':['5 * * * *']}");
        List<String> changes = changes(watcher, Duration.ofMinutes(50));
        assertEquals(2, changes.size(), changes.toString());
        int began = Integer.parseInt(
                changes.getFirst().substring(0, changes.getFirst().indexOf(':')));
        assertEquals(true, began >= 5 && began < 10, changes.toString());
        assertEquals("15:0 off", changes.get(1));
    }

    @Test
    void comingBackTellsThePresentConditionAnew() {
        Watcher watcher = bench.make(type, "{'duration':'10m','schedules':['5 * * * *']}");
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(watcher, Trigger.START));
        watcher.stateChanged(false);
        watcher.stateChanged(true);
        Outcome back = bench.ask(watcher, Trigger.STATE_CHANGED);
        assertEquals("unknown", assertInstanceOf(Outcome.Failed.class, back).detail());
        bench.tasks.advance(Duration.ofMinutes(6));
        assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.WOKEN));
        watcher.stateChanged(false);
        assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.STATE_CHANGED));
    }

    @Test
    void onAgainIsNotToldTwiceWhenThatIsNotWanted() {
        Watcher watcher =
                bench.make(type, "{'duration':'10m','schedules':['5 * * * *'],'skip_trigger_on_reenter':true}");
        bench.ask(watcher, Trigger.START);
        bench.tasks.advance(Duration.ofMinutes(6));
        assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.WOKEN));
        watcher.stateChanged(false);
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(watcher, Trigger.STATE_CHANGED));
        bench.tasks.advance(Duration.ofMinutes(10));
        assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.WOKEN));
    }

    @Test
    void w31ALateLookStillOpensWhatLasts() {
        Watcher watcher = bench.make(type, "{'duration':'10m','schedules':['5 * * * *']}");
        bench.ask(watcher, Trigger.START);
        bench.tasks.advance(Duration.ofMinutes(12));
        assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.WOKEN));
        assertEquals(List.of("15:0 off"), changes(watcher, Duration.ofMinutes(20)));
        bench.tasks.advance(Duration.ofDays(40));
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(watcher, Trigger.WOKEN));
    }

    @Test
    void aClockThatIsSetBackNeitherStretchesNorRepeatsAPeriod() {
        Watcher watcher = bench.make(type, "{'duration':'10m','schedules':['5 * * * *']}");
        bench.ask(watcher, Trigger.START);
        bench.tasks.advance(Duration.ofMinutes(10));
        assertInstanceOf(Outcome.Succeeded.class, bench.ask(watcher, Trigger.WOKEN));
        bench.tasks.jumpWall(Duration.ofMinutes(-3));
        assertInstanceOf(Outcome.Unchanged.class, bench.ask(watcher, Trigger.WOKEN));
        bench.tasks.advance(Duration.ofMinutes(5));
        assertInstanceOf(Outcome.Failed.class, bench.ask(watcher, Trigger.WOKEN));
    }
}
