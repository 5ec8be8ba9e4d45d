package com.example.segment;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The one thread that writes: takes what waits, collects it, syncs once a lane, and answers. */
final class Writer {
    private static final int GROUP = 1024;

    private final BlockingQueue<Task<?>> waiting = new LinkedBlockingQueue<>();
    private final Collection<LaneWriter> lanes;
    private final LongSupplier clock;
    private final int group;
    private final Runnable published;
    private final Runnable eachMinute;
    private final Thread thread;
    private volatile boolean closed;

    /** What the thread does for somebody. */
    interface Laying<T> {
        T lay() throws IOException;
    }

    /** One request on its way; answered after the sync of its lane. */
    static final class Task<T> {
        private final Optional<LaneWriter> lane;
        private final Laying<T> laying;
        private final CompletableFuture<T> answer = new CompletableFuture<>();
        private T laid;

        Task(Optional<LaneWriter> lane, Laying<T> laying) {
            this.lane = lane;
            this.laying = laying;
        }

        void lay() throws IOException {
            laid = laying.lay();
        }

        void done() {
            answer.complete(laid);
        }

        void failed(Exception e) {
            answer.completeExceptionally(e);
        }
    }

    Writer(Collection<LaneWriter> lanes, LongSupplier clock, boolean alone, Runnable published, Runnable eachMinute) {
        this.lanes = lanes;
        this.clock = clock;
        this.group = alone ? 1 : GROUP;
        this.published = published;
        this.eachMinute = eachMinute;
        this.thread = Thread.ofPlatform().name("segment-spool").daemon().start(this::run);
    }

    static PortException.Refused closed() {
        return new PortException.Refused("spool.closed", "the spool is closed");
    }

    <T> T ask(Optional<LaneWriter> lane, Laying<T> laying) throws InterruptedException {
        Task<T> task = new Task<>(lane, laying);
        waiting.add(task);
        if (closed && waiting.remove(task)) {
            throw closed();
        }
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.answer.get();
                } catch (InterruptedException e) {
                    if (waiting.remove(task)) {
                        throw e;
                    }
                    interrupted = true; // too late to take it back; the answer is due within one group
                }
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PortException told) {
                throw told;
            }
            throw new IllegalStateException("the writer failed", e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        long tick = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        try {
            while (!closed) {
                Task<?> first = waiting.poll(tick - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (first != null) {
                    List<Task<?>> all = new ArrayList<>(List.of(first));
                    waiting.drainTo(all, group - 1);
                    all.forEach(this::lay);
                    lanes.forEach(lane -> lane.flush(clock.getAsLong()));
                    published.run();
                }
                if (System.nanoTime() - tick >= 0) {
                    tick = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
                    upkeep();
                }
            }
        } catch (InterruptedException e) {
            System.getLogger(Writer.class.getName()).log(System.Logger.Level.WARNING, "interrupted; the spool closes");
        } finally {
            closed = true;
            refuseWaiting();
        }
    }

    private void upkeep() {
        try {
            eachMinute.run();
        } catch (PortException.Unavailable e) {
            System.getLogger(Writer.class.getName()).log(System.Logger.Level.WARNING, "upkeep waits: " + e.code());
        }
    }

    private void lay(Task<?> task) {
        try {
            task.lay();
            task.lane.ifPresentOrElse(lane -> lane.owe(task), task::done);
        } catch (IOException e) {
            task.failed(Store.disk("cannot write", e));
        } catch (RuntimeException e) {
            task.failed(e);
        }
    }

    private void refuseWaiting() {
        for (Task<?> task = waiting.poll(); task != null; task = waiting.poll()) {
            task.failed(closed());
        }
    }

    /** Ends the thread after the group that it writes. */
    void close() {
        closed = true;
        waiting.add(new Task<>(Optional.empty(), () -> true));
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        refuseWaiting();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
