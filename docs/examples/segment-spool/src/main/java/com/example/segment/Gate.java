package com.example.segment;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The one lock of a spool, and the group commit: who finds the file of a lane free writes for all who came meanwhile. */
final class Gate {
    private final LongSupplier clock;
    private final long segmentBytes;
    private final boolean syncs;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    Gate(LongSupplier clock, long segmentBytes, boolean syncs) {
        this.clock = clock;
        this.segmentBytes = segmentBytes;
        this.syncs = syncs;
    }

    /** Also when the spool is closed. */
    <T> T always(Supplier<T> what) {
        lock.lock();
        try {
            return what.get();
        } finally {
            lock.unlock();
        }
    }

    <T> T locked(Supplier<T> what) {
        return always(() -> {
            mustBeOpen();
            return what.get();
        });
    }

    /** Again whenever something changed, until it finds something or the time is over. */
    <T> List<T> await(Duration wait, Supplier<List<T>> what) throws InterruptedException {
        long left = wait.toNanos();
        lock.lockInterruptibly();
        try {
            while (true) {
                mustBeOpen();
                List<T> found = what.get();
                if (!found.isEmpty() || left <= 0) {
                    return found;
                }
                left = changed.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    private void mustBeOpen() {
        if (closed) {
            throw closed();
        }
    }

    private static PortException.Refused closed() {
        return new PortException.Refused("spool.closed", "the spool is closed");
    }

    /** Nothing of the lane is on its way. An interrupt waits: what is on its way will be durable or not, and is told. */
    void awaitIdle(LaneLog log) {
        while (!log.isIdle()) {
            changed.awaitUninterruptibly();
            mustBeOpen();
        }
    }

    /** Waits until a block is durable. */
    void flush(LaneLog log, Block block) {
        while (!block.isDone()) {
            if (log.isWriting()) {
                changed.awaitUninterruptibly();
            } else {
                write(log);
            }
        }
        block.failure().ifPresent(told -> {
            throw told;
        });
    }

    private void write(LaneLog log) {
        log.beginWriting();
        Optional<PortException> failure = Optional.of(closed());
        lock.unlock();
        try {
            log.write(clock.getAsLong(), segmentBytes, syncs);
            failure = Optional.empty();
        } catch (IOException e) {
            failure = Optional.of(Store.disk("cannot write lane " + log.lane().wireName(), e));
        } finally {
            lock.lock();
            log.endWriting(failure);
            changed.signalAll();
        }
    }

    /** Lets what is being written end and refuses what waits; false when it is closed already. */
    boolean close(Collection<LaneLog> lanes) {
        return always(() -> {
            boolean first = !closed;
            closed = true;
            for (LaneLog log : lanes) {
                log.refuse(Optional.of(closed()));
                while (log.isWriting()) {
                    changed.awaitUninterruptibly();
                }
                log.close();
            }
            changed.signalAll();
            return first;
        });
    }
}
