package io.machineroom.domain.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.RateSchedule.Window;
import io.machineroom.ports.sim.SimTasks;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class RateBudgetTest {
    private static final Duration LONG = Duration.ofHours(1);
    private final SimTasks tasks = new SimTasks(1);

    private static Window window(int from, int to, long rate) {
        return new Window(LocalTime.of(from, 0), LocalTime.of(to, 0), rate);
    }

    private RateBudget budget(Window... windows) {
        return new RateBudget(new RateSchedule(List.of(windows)), tasks.time());
    }

    @Test
    void withoutAWindowNothingWaits() {
        RateBudget budget = budget();
        budget.sent(1L << 40);
        assertEquals(Duration.ZERO, budget.wait(LONG));
        assertEquals(1 << 20, budget.batchBytes(1 << 20));
    }

    @Test
    void overAMinuteNoMoreThanTheRateAndTheFirstSecondIsSent() {
        RateBudget budget = budget(window(0, 0, 8_000));
        long sent = 0;
        for (int step = 0; step < 6_000; step++) {
            if (budget.wait(LONG).isZero()) {
                long batch = budget.batchBytes(1 << 20);
                assertTrue(batch <= 8_000);
                budget.sent(batch);
                sent += batch;
            }
            tasks.advance(Duration.ofMillis(10));
        }
        assertTrue(sent <= 8_000 * 62 && sent >= 8_000 * 58, "sent " + sent);
    }

    @Test
    void aWaitIsAsLongAsWhatWasSentBeyond() {
        RateBudget budget = budget(window(0, 0, 8_000));
        budget.batchBytes(1);
        budget.sent(8_000);
        assertEquals(Duration.ofNanos(125_000), budget.wait(LONG));
        budget.sent(8_000);
        assertEquals(1_000, budget.wait(LONG).toMillis());
        assertEquals(Duration.ofMillis(250), budget.wait(Duration.ofMillis(250)));
    }

    @Test
    void theTimeOfTheDayChoosesTheRateAndOverMidnightToo() {
        RateSchedule schedule = new RateSchedule(List.of(window(8, 18, 4_000), window(22, 6, 100_000)));
        assertEquals(4_000, schedule.at(LocalTime.of(8, 0)).orElseThrow());
        assertTrue(schedule.at(LocalTime.of(18, 0)).isEmpty());
        assertEquals(100_000, schedule.at(LocalTime.of(23, 59)).orElseThrow());
        assertEquals(100_000, schedule.at(LocalTime.MIDNIGHT).orElseThrow());
        assertTrue(schedule.at(LocalTime.of(6, 0)).isEmpty());
    }

    @Test
    void anEndOfTheBoundFreesWhatWaited() {
        RateBudget budget = budget(window(0, 1, 1_024));
        budget.batchBytes(1);
        budget.sent(1 << 20);
        assertTrue(budget.wait(LONG).compareTo(Duration.ofMinutes(10)) > 0);
        tasks.advance(Duration.ofHours(1));
        assertEquals(Duration.ZERO, budget.wait(LONG));
    }

    @Test
    void aRateOfNothingIsNone() {
        assertThrows(IllegalArgumentException.class, () -> window(0, 1, 1));
    }
}
