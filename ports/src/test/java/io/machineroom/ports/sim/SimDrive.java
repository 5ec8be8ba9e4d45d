package io.machineroom.ports.sim;

import java.time.Duration;
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

    private final Thread thread;
    private boolean result;
    private @Nullable Throwable broken;

    SimDrive(BooleanSupplier loop) {
        thread = Thread.ofVirtual().name("sim-driver").unstarted(() -> {
            try {
                result = loop.getAsBoolean();
            } catch (Throwable e) {
                broken = e;
            }
        });
    }

    boolean watch(LongSupplier steps, Supplier<String> running) {
        thread.start();
        try {
            long before = -1;
            while (!thread.join(PATIENCE)) {
                if (steps.getAsLong() == before) {
                    throw new AssertionError("a task runs without ever waiting:\n" + running.get());
                }
                before = steps.getAsLong();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("the test was interrupted, in: " + running.get(), e);
        }
        if (broken instanceof RuntimeException e) {
            throw e;
        }
        if (broken instanceof Error e) {
            throw e;
        }
        return result;
    }
}
