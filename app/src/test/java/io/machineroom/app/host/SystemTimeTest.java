package io.machineroom.app.host;

import io.machineroom.ports.contract.TimeSourceContract;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;

final class SystemTimeTest extends TimeSourceContract {
    private final SystemRuntime runtime = new SystemRuntime();

    @Override
    protected TimeSource time() {
        return runtime;
    }

    @Override
    protected void passTime() throws InterruptedException {
        new VirtualThreadTasks().sleep(Duration.ofMillis(2));
    }
}
