package io.machineroom.ports.sim;

import io.machineroom.ports.contract.TimeSourceContract;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;

final class SimTimeTest extends TimeSourceContract {
    private final SimTasks tasks = new SimTasks(1);

    @Override
    protected TimeSource time() {
        return tasks.time();
    }

    @Override
    protected void passTime() {
        tasks.advance(Duration.ofMillis(1));
    }
}
