package io.machineroom.app.host;

import io.machineroom.ports.contract.TasksContract;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;

final class VirtualThreadTasksTest extends TasksContract {
    private final SystemRuntime runtime = new SystemRuntime();
    private final VirtualThreadTasks tasks = new VirtualThreadTasks();

    @Override
    protected Tasks tasks() {
        return tasks;
    }

    @Override
    protected TimeSource time() {
        return runtime;
    }

    @Override
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }
}
