package io.machineroom.domain.provisioning;

import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.sim.SimTasks;
import java.time.Instant;

/** A clock that is right whatever the node's says. */
record TrueTime(SimTasks tasks) implements TimeSource {
    @Override
    public Instant wall() {
        return SimTasks.START.plusNanos(ticks());
    }

    @Override
    public long ticks() {
        return tasks.time().ticks();
    }
}
