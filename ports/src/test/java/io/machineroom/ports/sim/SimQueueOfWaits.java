package io.machineroom.ports.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Waits of tasks for one disk: whoever changes something there wakes them all, and each looks again. */
final class SimQueueOfWaits implements SimStorage.Waits {
    private final SimScheduler scheduler;
    private final List<SimWait> queue = new ArrayList<>();

    SimQueueOfWaits(SimScheduler scheduler) {
        this.scheduler = scheduler;
    }

    @Override
    public boolean await(String what, BooleanSupplier condition, Duration limit) throws InterruptedException {
        scheduler.checkInterrupt();
        long deadline = scheduler.deadline(limit);
        while (!condition.getAsBoolean()) {
            if (!scheduler.await(what, condition, deadline, queue)) {
                return condition.getAsBoolean();
            }
        }
        return true;
    }

    @Override
    public void changed() {
        List<SimWait> woken = new ArrayList<>(queue);
        queue.clear();
        woken.forEach(wait -> scheduler.wake(wait, SimWait.Outcome.READY));
    }
}
