package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One append on its way from its caller, which waits, to the writer thread, which lays it and says what became of it. */
final class Work<T> {
    /** Lays its frames; may refuse. */
    interface Laying<T> {
        T lay() throws IOException;
    }

    private final @Nullable JournalWriter target;
    private final Laying<T> laying;
    private final Thread caller = Thread.currentThread();
    private @Nullable T laid;
    private @Nullable Throwable failure;
    private volatile boolean settled;

    Work(@Nullable JournalWriter target, Laying<T> laying) {
        this.target = target;
        this.laying = laying;
    }

    @Nullable JournalWriter target() {
        return target;
    }

    void lay() throws IOException {
        laid = laying.lay();
    }

    void done() {
        settled = true;
        LockSupport.unpark(caller);
    }

    void fail(Throwable cause) {
        failure = cause;
        done();
    }

    /**
     * Waits for the writer thread. By the caller.
     *
     * @throws PortException that the laying refused with, or that the writer gave up with
     */
    @SuppressWarnings("NullAway") // what was laid is null where the laying says so
    T await() throws InterruptedException {
        while (!settled) {
            LockSupport.park(this);
            if (!settled && Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
        if (failure instanceof PortException told) {
            throw told;
        }
        if (failure != null) {
            throw new IllegalStateException("the writer failed", failure);
        }
        return laid;
    }
}
