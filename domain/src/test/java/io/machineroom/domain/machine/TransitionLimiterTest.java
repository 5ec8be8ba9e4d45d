package io.machineroom.domain.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.sim.SimTasks;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TransitionLimiterTest {
    private final TransitionLimiter limiter = new TransitionLimiter(new SimTasks(1).entropy());

    @Test
    void theFirstTransitionIsFreeAndLaterOnesWaitLonger() {
        assertEquals(Duration.ZERO, limiter.delay(0));
        Duration second = limiter.delay(0);
        assertTrue(second.toMillis() >= 12 && second.toMillis() < 38, second.toString());
        for (int i = 0; i < 30; i++) {
            limiter.delay(0);
        }
        Duration late = limiter.delay(0);
        assertTrue(late.toMillis() >= 2_500 && late.toMillis() < 7_500, late.toString());
    }

    @Test
    void aQuietMinuteForgetsEverything() {
        for (int i = 0; i < 10; i++) {
            limiter.delay(0);
        }
        assertEquals(Duration.ZERO, limiter.delay(Duration.ofMinutes(2).toNanos()));
    }

    @Test
    void theQuietMinutesGoOnByThemselves() {
        limiter.delay(0);
        assertEquals(Duration.ZERO, limiter.delay(Duration.ofSeconds(119).toNanos()), "the first of the second minute");
        assertEquals(
                Duration.ZERO, limiter.delay(Duration.ofSeconds(121).toNanos()), "the third minute began meanwhile");
        assertTrue(limiter.delay(Duration.ofSeconds(122).toNanos()).isPositive());
    }
}
