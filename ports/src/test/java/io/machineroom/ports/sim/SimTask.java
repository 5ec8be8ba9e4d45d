package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One task of a simulated world: a virtual thread that runs only while it holds the baton. */
final class SimTask implements Tasks.Task {
    private final long id;
    private final String name;
    private final SimNode node;
    private final SimScheduler scheduler;
    private final Thread thread;
    /** Hands the memory over too: written by who had the baton, read by who gets it. */
    private volatile boolean baton;

    private @Nullable SimWait waiting;
    private boolean started;
    private boolean interrupted;
    private boolean cancelled;
    private boolean done;
    private @Nullable Throwable failure;

    SimTask(long id, SimNode node, String name, SimScheduler scheduler, Tasks.Body body) {
        this.id = id;
        this.name = name;
        this.node = node;
        this.scheduler = scheduler;
        thread = Thread.ofVirtual().name(name).unstarted(() -> live(body));
    }

    private void live(Tasks.Body body) {
        try {
            body.run();
        } catch (InterruptedException e) {
            failure = cancelled ? null : e;
        } catch (Throwable e) {
            failure = e;
        }
        done = true;
        scheduler.ended(this, failure);
    }

    /** Gives the baton to this task. */
    void resume() {
        if (started) {
            baton = true;
            LockSupport.unpark(thread);
        } else {
            started = true;
            thread.start();
        }
    }

    /** Waits, in the thread of this task, until it gets the baton again. */
    void standStill() {
        boolean interruptedByHand = false;
        while (!baton) {
            LockSupport.park(this);
            interruptedByHand |= Thread.interrupted();
        }
        baton = false;
        if (interruptedByHand) {
            Thread.currentThread().interrupt();
        }
    }

    void kill() {
        done = true;
    }

    boolean runsHere() {
        return Thread.currentThread() == thread;
    }

    void checkInterrupt() throws InterruptedException {
        if (interrupted) {
            interrupted = false;
            throw new InterruptedException("task " + name + " was cancelled");
        }
    }

    void waitsFor(@Nullable SimWait wait) {
        waiting = wait;
    }

    long id() {
        return id;
    }

    SimNode node() {
        return node;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void cancel() {
        if (done) {
            return;
        }
        cancelled = true;
        if (waiting == null || !scheduler.wake(waiting, SimWait.Outcome.INTERRUPTED)) {
            interrupted = true;
        }
    }

    @Override
    public boolean join(Duration time) throws InterruptedException {
        return scheduler.await("the end of " + name, this::done, time);
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    @Override
    public String toString() {
        SimWait wait = waiting;
        String what = done ? "ended" : wait == null ? "can run" : "waits for " + wait;
        return node.name() + "/" + name + " #" + id + ": " + what + (node.paused() ? " (paused)" : "");
    }

    String stack() {
        StringBuilder out = new StringBuilder(toString());
        for (StackTraceElement at : thread.getStackTrace()) {
            out.append("\n    at ").append(at);
        }
        return out.toString();
    }
}
