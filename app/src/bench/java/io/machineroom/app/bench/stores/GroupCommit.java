package io.machineroom.app.bench.stores;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One writer thread that takes what waits, writes it as one group and wakes the callers: gives stores without a
 * group commit of their own the same advantage that the spool has.
 */
final class GroupCommit {
    private static final int MOST = 4_096;

    private final ConcurrentLinkedQueue<Waiting> queue = new ConcurrentLinkedQueue<>();
    private final Writer writer;
    private final Thread thread;
    private volatile boolean closing;
    private volatile boolean idle;

    /** Writes one group durably. */
    interface Writer {
        void write(List<byte[]> group) throws Exception;
    }

    GroupCommit(Writer writer) {
        this.writer = writer;
        this.thread = Thread.ofPlatform().daemon().name("group-commit").start(this::run);
    }

    void append(byte[] body) {
        Waiting waiting = new Waiting(body, Thread.currentThread());
        queue.add(waiting);
        if (idle) {
            LockSupport.unpark(thread);
        }
        while (!waiting.done) {
            LockSupport.park(this);
        }
        if (waiting.failure != null) {
            throw new IllegalStateException(waiting.failure);
        }
    }

    private void run() {
        List<Waiting> group = new ArrayList<>();
        while (!closing || !queue.isEmpty()) {
            take(group);
            if (group.isEmpty()) {
                idle = true;
                if (queue.isEmpty() && !closing) {
                    LockSupport.park(this);
                }
                idle = false;
            } else {
                commit(group);
                group.clear();
            }
        }
    }

    private void take(List<Waiting> group) {
        Waiting next = queue.poll();
        while (next != null) {
            group.add(next);
            next = group.size() < MOST ? queue.poll() : null;
        }
    }

    private void commit(List<Waiting> group) {
        List<byte[]> bodies = new ArrayList<>(group.size());
        group.forEach(w -> bodies.add(w.body));
        Exception failure = null;
        try {
            writer.write(bodies);
        } catch (Exception e) {
            failure = e;
        }
        for (Waiting waiting : group) {
            waiting.failure = failure;
            waiting.done = true;
            LockSupport.unpark(waiting.caller);
        }
    }

    void end() throws InterruptedException {
        closing = true;
        LockSupport.unpark(thread);
        thread.join();
    }

    private static final class Waiting {
        private final byte[] body;
        private final Thread caller;
        private volatile @Nullable Exception failure;
        private volatile boolean done;

        private Waiting(byte[] body, Thread caller) {
            this.body = body;
            this.caller = caller;
        }
    }
}
