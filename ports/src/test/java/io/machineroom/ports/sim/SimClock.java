package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;

/** The clocks of a simulated world: ticks by the scheduler, wall time beside them. */
final class SimClock implements TimeSource {
    private final SimScheduler scheduler;
    private Duration offset = Duration.ZERO;

    SimClock(SimScheduler scheduler) {
        this.scheduler = scheduler;
    }

    void jump(Duration by) {
        offset = offset.plus(by);
    }

    @Override
    public Instant wall() {
        return SimTasks.START.plus(offset).plusNanos(scheduler.now());
    }

    @Override
    public long ticks() {
        return scheduler.now();
    }
}
