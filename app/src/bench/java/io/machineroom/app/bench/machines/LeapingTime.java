package io.machineroom.app.bench.machines;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that is two minutes later at each look, so that the storm limiter always sees a quiet minute. */
final class LeapingTime implements TimeSource {
    private static final long LEAP = Duration.ofMinutes(2).toNanos();

    private final AtomicLong ticks = new AtomicLong();

    @Override
    public Instant wall() {
        return Instant.now();
    }

    @Override
    public long ticks() {
        return ticks.addAndGet(LEAP);
    }
}
