package io.machineroom.ports.contract;

import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;

/** Real tasks, mailboxes and clocks, for tests of adapters that talk to a real socket. Weights are not counted. */
public final class LiveRuntime implements Tasks, TimeSource {
    @Override
    public Instant wall() {
        return Instant.now();
    }

    @Override
    public long ticks() {
        return System.nanoTime();
    }

    @Override
    public Task fork(String name, Body body) {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = Thread.ofVirtual().name(name).start(() -> {
            try {
                body.run();
            } catch (InterruptedException | RuntimeException e) {
                failure.set(e);
            } finally {
                ended.countDown();
            }
        });
        return new LiveTask(name, thread, ended, failure);
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        new CountDownLatch(1).await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity) {
        return new LiveMailbox<>(new LinkedBlockingQueue<>(capacity));
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity, long maxWeight, ToLongFunction<? super T> weight) {
        return mailbox(capacity);
    }

    private record LiveTask(String name, Thread thread, CountDownLatch ended, AtomicReference<Throwable> broken)
            implements Task {
        @Override
        public void cancel() {
            thread.interrupt();
        }

        @Override
        public boolean join(Duration time) throws InterruptedException {
            return ended.await(time.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean done() {
            return ended.getCount() == 0;
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.ofNullable(broken.get());
        }
    }

    private record LiveMailbox<T>(LinkedBlockingQueue<T> queue) implements Mailbox<T> {
        @Override
        public boolean offer(T item) {
            return queue.offer(item);
        }

        @Override
        public T take() throws InterruptedException {
            return queue.take();
        }

        @Override
        public Optional<T> poll(Duration wait) throws InterruptedException {
            return Optional.ofNullable(queue.poll(wait.toNanos(), TimeUnit.NANOSECONDS));
        }

        @Override
        public List<T> drain(int max) {
            List<T> out = new ArrayList<>();
            queue.drainTo(out, max);
            return out;
        }

        @Override
        public int size() {
            return queue.size();
        }
    }
}
