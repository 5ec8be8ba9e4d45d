package io.machineroom.ports.sim;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of the driver in a virtual thread of its own (handing the baton between virtual threads is
 * cheap), watched by the thread of the test: a task that never waits is found and shown.
 */
final class SimDrive {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final BooleanSupplier goal;
    private final long limit;
    private final Semaphore over = new Semaphore(0);
    private final Thread thread;
    private boolean running = true;
    private boolean reached;
    private @Nullable Throwable broken;

    /**
     * One run.
     *
     * @param goal what it is over with
     * @param limit virtual nanoseconds when it is over in any case
     * @param first who begins; null when nobody needs to
     */
    SimDrive(BooleanSupplier goal, long limit, Supplier<@Nullable SimTask> first) {
        this.goal = goal;
        this.limit = limit;
        thread = Thread.ofVirtual().name("sim-driver").unstarted(() -> {
            SimTask begins = first.get();
            if (begins != null) {
                begins.resume();
                over.acquireUninterruptibly();
            }
        });
    }

    /** Before the first one. */
    static SimDrive none() {
        SimDrive none = new SimDrive(() -> true, 0, () -> null);
        none.running = false;
        return none;
    }

    boolean runs() {
        return running;
    }

    boolean reached() {
        reached = goal.getAsBoolean();
        return reached;
    }

    long limit() {
        return limit;
    }

    void breaks(Throwable why) {
        broken = why;
    }

    /** The baton comes back: it is over. */
    void release() {
        over.release();
    }

    boolean watch(LongSupplier steps, Supplier<String> current) {
        try {
            return watched(steps, current);
        } finally {
            running = false;
        }
    }

    private boolean watched(LongSupplier steps, Supplier<String> current) {
        thread.start();
        try {
            long before = -1;
            while (!thread.join(PATIENCE)) {
                if (steps.getAsLong() == before) {
                    throw new AssertionError("a task runs without ever waiting:\n" + current.get());
                }
                before = steps.getAsLong();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test was interrupted, in: " + current.get(), e);
        }
        if (broken instanceof RuntimeException e) {
            throw e;
        }
        if (broken instanceof Error e) {
            throw e;
        }
        return reached;
    }
}
