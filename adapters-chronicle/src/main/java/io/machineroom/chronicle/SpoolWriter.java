package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes: takes what waits, lays it, forces once, and wakes the callers. A platform thread, because
 * page faults and forces would hold the carrier of a virtual one. Waiting work is bounded by the number of callers.
 */
final class SpoolWriter {
    private static final System.Logger LOG = System.getLogger(SpoolWriter.class.getName());
    private static final int MAX_GROUP = 1024;
    /** Of the time that the last group took, so much is waited for as many appends as it had. */
    private static final int PATIENCE = 4;

    private static final long MOST_PATIENCE_NANOS = 1_000_000;

    private final Queue<Work<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger arrived = new AtomicInteger();
    private final Disk disk;
    private final int maxGroup;
    private final Runnable published;
    private final Upkeep upkeep;
    private final Thread thread;
    private volatile boolean closed;
    /** How many must wait for the writer to be woken; none wakes it when it is not waiting. */
    private volatile int wanted = Integer.MAX_VALUE;

    private int expected = 1;
    private long tookNanos;
    private long endedNanos;

    /** What the thread does beside writing. */
    interface Upkeep {
        /** Called before a group is laid. */
        default void group() {}

        /** Called about once a minute. */
        void tick();

        /** Called once, after the last write. */
        void end();
    }

    SpoolWriter(Disk disk, boolean alone, Runnable published, Upkeep upkeep) {
        this.disk = disk;
        this.maxGroup = alone ? 1 : MAX_GROUP;
        this.published = published;
        this.upkeep = upkeep;
        this.thread = Thread.ofPlatform().name(disk.kind() + "-writer").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Lays in the next group and waits until it is durable. With no target it only runs on the thread. */
    <T> T write(@Nullable JournalWriter target, Work.Laying<T> laying) throws InterruptedException {
        Work<T> work = new Work<>(target, laying);
        if (closed) {
            throw disk.closed();
        }
        hand(work);
        if (closed && withdraw(work)) {
            throw disk.closed();
        }
        try {
            return work.await();
        } catch (InterruptedException e) {
            if (withdraw(work)) {
                throw e;
            }
            return unhurried(work);
        }
    }

    private void hand(Work<?> work) {
        waiting.add(work);
        if (arrived.incrementAndGet() >= wanted) {
            LockSupport.unpark(thread);
        }
    }

    private boolean withdraw(Work<?> work) {
        boolean found = waiting.remove(work);
        if (found) {
            arrived.decrementAndGet();
        }
        return found;
    }

    /** Too late to take it back: the answer is due within one group. */
    private <T> T unhurried(Work<T> work) {
        boolean interrupted = true;
        try {
            while (true) {
                try {
                    return work.await();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        if (!Awakening.wake()) {
            closed = true;
        }
        long nextTick = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        try {
            List<Work<?>> group = new ArrayList<>();
            while (!closed) {
                gather(nextTick);
                if (take(group)) {
                    long start = System.nanoTime();
                    write(group);
                    endedNanos = System.nanoTime();
                    tookNanos = endedNanos - start;
                    expected = group.size();
                    group.clear();
                }
                if (System.nanoTime() - nextTick >= 0) {
                    nextTick = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
                    tick();
                }
            }
        } catch (InterruptedException _) {
            LOG.log(System.Logger.Level.WARNING, "interrupted; the " + disk.kind() + " closes");
        } catch (PortException e) {
            LOG.log(System.Logger.Level.ERROR, "the " + disk.kind() + " stops writing", e);
        } finally {
            closed = true;
            refuseWaiting();
            upkeep.end();
        }
    }

    private boolean take(List<Work<?>> group) {
        Work<?> next = waiting.poll();
        while (next != null) {
            arrived.decrementAndGet();
            group.add(next);
            next = group.size() < maxGroup ? waiting.poll() : null;
        }
        return !group.isEmpty();
    }

    /**
     * Waits for work, at the longest until then; and a moment for as many as the last group had: those who were just
     * answered are likely to come again at once, and a sync for one of them costs the others a sync of waiting. One alone
     * is not waited for.
     */
    private void gather(long until) throws InterruptedException {
        long patience = Math.min(tookNanos / PATIENCE, MOST_PATIENCE_NANOS);
        await(expected, Math.min(until, System.nanoTime() + patience));
        if (arrived.get() == 0) {
            await(1, until);
            boolean late = System.nanoTime() - endedNanos > tookNanos;
            await(late ? 1 : expected, Math.min(until, System.nanoTime() + patience));
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
    }

    /** Waits until so many appends wait, at the longest until then. */
    private void await(int appends, long until) {
        wanted = appends;
        long left = until - System.nanoTime();
        while (arrived.get() < appends && left > 0 && !closed && !thread.isInterrupted()) {
            LockSupport.parkNanos(this, left);
            left = until - System.nanoTime();
        }
        wanted = Integer.MAX_VALUE;
    }

    /** A minute of the clock that cannot be saved now is saved a minute later. */
    private void tick() {
        try {
            upkeep.tick();
        } catch (PortException.Unavailable e) {
            LOG.log(System.Logger.Level.WARNING, "upkeep of the " + disk.kind() + " waits: " + e.code());
        }
    }

    private void write(List<Work<?>> group) {
        upkeep.group();
        List<JournalWriter> touched = new ArrayList<>();
        List<Work<?>> laid = new ArrayList<>(group.size());
        for (Work<?> work : group) {
            JournalWriter target = work.target();
            if (target != null && !touched.contains(target)) {
                touched.add(target);
            }
            if (lay(work, laid)) {
                laid.add(work);
            } else if (target != null && laid.stream().noneMatch(w -> w.target() == target)) {
                touched.remove(target);
            }
        }
        for (JournalWriter target : touched) {
            commit(target, laid);
        }
        published.run();
        laid.forEach(Work::done);
    }

    private boolean lay(Work<?> work, List<Work<?>> laid) {
        JournalWriter target = work.target();
        try {
            if (target != null) {
                target.heal();
            }
            work.lay();
            return true;
        } catch (PortException e) {
            work.fail(e);
        } catch (Throwable e) { // a full disk arrives as an InternalError
            work.fail(disk.unavailable("cannot write", e));
            if (target != null) {
                fail(target, laid, e);
            }
        }
        return false;
    }

    private void commit(JournalWriter target, List<Work<?>> laid) {
        try {
            target.commit();
        } catch (Throwable e) { // a full disk arrives as an InternalError
            fail(target, laid, e);
        }
    }

    /** Nothing of this group of the journal happened. */
    private void fail(JournalWriter target, List<Work<?>> laid, Throwable cause) {
        if (cause instanceof PortException told) {
            LOG.log(System.Logger.Level.DEBUG, "a group could not be written: " + told.getMessage());
        } else {
            LOG.log(System.Logger.Level.WARNING, "a group could not be written and is taken back", cause);
        }
        target.rollBack();
        laid.removeIf(work -> {
            if (work.target() != target) {
                return false;
            }
            work.fail(disk.unavailable("cannot write", cause));
            return true;
        });
    }

    private void refuseWaiting() {
        Work<?> work = waiting.poll();
        while (work != null) {
            work.fail(disk.closed());
            work = waiting.poll();
        }
    }

    /** Refuses what waits, ends the thread and waits for it. Idempotent. */
    void close() {
        closed = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        refuseWaiting();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
