package io.machineroom.ports.contract;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** The clocks of the machine, which a test may move: for {@link SpoolUnderTest#time}. Safe from any task. */
public final class ShiftedTime implements TimeSource {
    private volatile Duration passed = Duration.ZERO;
    private volatile Duration jumped = Duration.ZERO;

    @Override
    public Instant wall() {
        return Instant.now().plus(passed).plus(jumped);
    }

    @Override
    public long ticks() {
        return System.nanoTime() + passed.toNanos();
    }

    /** Lets time pass on both clocks. */
    public synchronized void pass(Duration time) {
        passed = passed.plus(time);
    }

    /** Sets the wall clock forth, or back with a negative time. */
    public synchronized void jump(Duration time) {
        jumped = jumped.plus(time);
    }
}
