package io.machineroom.app.simulation;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** The clock of one computer: jumps and drifts against the others, while its ticks go on evenly. */
final class BoxClock implements TimeSource {
    private final TimeSource world;
    private Duration offset = Duration.ZERO;
    private long driftSince;
    private long driftPerMillion;

    BoxClock(TimeSource world) {
        this.world = world;
    }

    void jump(Duration by) {
        offset = offset.plus(by);
    }

    /** From now on gains that many seconds in a million. */
    void drift(long perMillion) {
        offset = offset.plus(drifted());
        driftSince = world.ticks();
        driftPerMillion = perMillion;
    }

    /** Somebody sets it right. */
    void correct() {
        drift(0);
        offset = Duration.ZERO;
    }

    private Duration drifted() {
        return Duration.ofNanos((world.ticks() - driftSince) / 1_000_000 * driftPerMillion);
    }

    @Override
    public Instant wall() {
        return world.wall().plus(offset).plus(drifted());
    }

    @Override
    public long ticks() {
        return world.ticks();
    }
}
