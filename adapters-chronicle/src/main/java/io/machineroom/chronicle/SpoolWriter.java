package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that writes: takes what waits, lays it, forces once, and wakes the callers. A platform thread, because
 * page faults and forces would hold the carrier of a virtual one. Waiting work is bounded by the number of callers.
 */
final class SpoolWriter {
    private static final System.Logger LOG = System.getLogger(SpoolWriter.class.getName());
    private static final int MAX_GROUP = 1024;

    private final BlockingQueue<Work<?>> waiting = new LinkedBlockingQueue<>();
    private final Disk disk;
    private final int maxGroup;
    private final Runnable published;
    private final Upkeep upkeep;
    private final Thread thread;
    private volatile boolean closed;

    /** What the thread does beside writing. */
    interface Upkeep {
        /** Called about once a minute. */
        void tick();

        /** Called once, after the last write. */
        void end();
    }

    /** Lays its frames; may refuse. */
    interface Laying<T> {
        T lay() throws IOException;
    }

    /** One append on its way. */
    static final class Work<T> {
        private final @Nullable JournalWriter target;
        private final Laying<T> laying;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private @Nullable T laid;

        private Work(@Nullable JournalWriter target, Laying<T> laying) {
            this.target = target;
            this.laying = laying;
        }

        private void lay() throws IOException {
            laid = laying.lay();
        }

        private void done() {
            answer.complete(laid);
        }
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
    <T> T write(@Nullable JournalWriter target, Laying<T> laying) throws InterruptedException {
        Work<T> work = new Work<>(target, laying);
        if (closed) {
            throw disk.closed();
        }
        waiting.add(work);
        if (closed && waiting.remove(work)) {
            throw disk.closed();
        }
        try {
            return answer(work);
        } catch (InterruptedException e) {
            if (waiting.remove(work)) {
                throw e;
            }
            return unhurried(work);
        }
    }

    /** Too late to take it back: the answer is due within one group. */
    private <T> T unhurried(Work<T> work) {
        boolean interrupted = true;
        try {
            while (true) {
                try {
                    return answer(work);
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

    private <T> T answer(Work<T> work) throws InterruptedException {
        try {
            return work.answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PortException told) {
                throw told;
            }
            throw new IllegalStateException("the writer failed", e.getCause());
        }
    }

    private void run() {
        if (!Awakening.wake()) {
            closed = true;
        }
        long nextTick = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        try {
            while (!closed) {
                Work<?> first = waiting.poll(nextTick - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    List<Work<?>> group = new ArrayList<>();
                    group.add(first);
                    waiting.drainTo(group, maxGroup - 1);
                    write(group);
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

    /** A minute of the clock that cannot be saved now is saved a minute later. */
    private void tick() {
        try {
            upkeep.tick();
        } catch (PortException.Unavailable e) {
            LOG.log(System.Logger.Level.WARNING, "upkeep of the " + disk.kind() + " waits: " + e.code());
        }
    }

    private void write(List<Work<?>> group) {
        Set<JournalWriter> touched = new LinkedHashSet<>();
        List<Work<?>> laid = new ArrayList<>();
        for (Work<?> work : group) {
            if (work.target != null) {
                touched.add(work.target);
            }
            if (lay(work, laid)) {
                laid.add(work);
            } else if (work.target != null && laid.stream().noneMatch(w -> w.target == work.target)) {
                touched.remove(work.target);
            }
        }
        for (JournalWriter target : touched) {
            commit(target, laid);
        }
        published.run();
        laid.forEach(Work::done);
    }

    private boolean lay(Work<?> work, List<Work<?>> laid) {
        try {
            if (work.target != null) {
                work.target.heal();
            }
            work.lay();
            return true;
        } catch (PortException e) {
            work.answer.completeExceptionally(e);
        } catch (Throwable e) { // a full disk arrives as an InternalError
            work.answer.completeExceptionally(disk.unavailable("cannot write", e));
            if (work.target != null) {
                fail(work.target, laid, e);
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
            if (work.target != target) {
                return false;
            }
            work.answer.completeExceptionally(disk.unavailable("cannot write", cause));
            return true;
        });
    }

    private void refuseWaiting() {
        Work<?> work = waiting.poll();
        while (work != null) {
            work.answer.completeExceptionally(disk.closed());
            work = waiting.poll();
        }
    }

    /** Refuses what waits, ends the thread and waits for it. Idempotent. */
    void close() {
        closed = true;
        waiting.add(new Work<>(null, () -> Boolean.TRUE));
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
