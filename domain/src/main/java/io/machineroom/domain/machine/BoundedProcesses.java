package io.machineroom.domain.machine;

import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;

/**
 * Commands of all machines of a host, a bounded number at once; who comes too many waits for a place, and the time of
 * its command begins when it has one. Children that stay behind are not counted. Safe from any task.
 */
final class BoundedProcesses implements ProcessRunner {
    private final ProcessRunner processes;
    private final Mailbox<Boolean> places;

    BoundedProcesses(ProcessRunner processes, Tasks tasks, int most) {
        this.processes = processes;
        this.places = tasks.mailbox(most);
        for (int i = 0; i < most; i++) {
            places.offer(true);
        }
    }

    @Override
    public Result run(Command command) throws InterruptedException {
        places.take();
        try {
            return processes.run(command);
        } finally {
            places.offer(true);
        }
    }

    @Override
    public Child start(Command command) {
        return processes.start(command);
    }

    @Override
    public String searchPath() {
        return processes.searchPath();
    }
}
