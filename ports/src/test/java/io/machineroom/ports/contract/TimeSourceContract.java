package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Instant;
import java.time.ZonedDateTime;
import org.junit.jupiter.api.Test;

/** What {@link TimeSource} promises. */
public abstract class TimeSourceContract {
    protected abstract TimeSource time();

    /** Lets at least a millisecond pass. */
    protected abstract void passTime() throws InterruptedException;

    @Test
    void ticksNeverGoBackAndCountNanoseconds() throws InterruptedException {
        long before = time().ticks();
        passTime();
        long passed = time().ticks() - before;
        assertTrue(passed >= 1_000_000, "only " + passed);
        assertTrue(time().ticks() - before >= passed);
    }

    @Test
    void wallTimeIsOfThisCentury() throws InterruptedException {
        Instant before = time().wall();
        passTime();
        assertTrue(before.isAfter(Instant.parse("2025-01-01T00:00:00Z")));
        assertFalse(time().wall().equals(before));
    }

    @Test
    void hasAZone() {
        assertTrue(ZonedDateTime.ofInstant(time().wall(), time().zone()).getYear() >= 2025);
    }
}
