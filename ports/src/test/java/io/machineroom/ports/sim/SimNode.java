package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** The tasks of one simulated process: they crash together, pause together and go on together. */
public final class SimNode implements Tasks {
    private final String name;
    private final SimScheduler scheduler;
    private final List<SimTask> held = new ArrayList<>();
    private boolean paused;

    SimNode(String name, SimScheduler scheduler) {
        this.name = name;
        this.scheduler = scheduler;
    }

    public String name() {
        return name;
    }

    /**
     * The power fails: no task of this node runs another line, not even a finally block. A task that
     * calls this for its own node does not return. Afterwards the node may fork anew.
     */
    public void crash() {
        paused = false;
        held.clear();
        scheduler.crash(this);
    }

    /** Stops the process as SIGSTOP does; its timers come due meanwhile. */
    public void pause() {
        paused = true;
        scheduler.hold(this);
    }

    /** Lets it go on. */
    public void resume() {
        paused = false;
        held.forEach(scheduler::runnable);
        held.clear();
    }

    @Override
    public SimTask fork(String taskName, Body body) {
        return scheduler.fork(this, taskName, body);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        scheduler.sleep(duration);
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity) {
        return new SimMailbox<>(capacity, scheduler);
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity, long maxWeight, ToLongFunction<? super T> weight) {
        return new SimMailbox<>(capacity, maxWeight, weight, scheduler);
    }

    public boolean paused() {
        return paused;
    }

    void keep(SimTask task) {
        held.add(task);
    }
}
