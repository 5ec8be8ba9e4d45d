package io.machineroom.app.host;

import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Tasks as virtual threads. */
public final class VirtualThreadTasks implements Tasks {
    private static final System.Logger LOG = System.getLogger(VirtualThreadTasks.class.getName());

    public VirtualThreadTasks() {
        CarrierWatch.ensure();
    }

    @Override
    public Task fork(String name, Body body) {
        VirtualTask task = new VirtualTask(name, body);
        task.start();
        return task;
    }

    @Override
    public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity) {
        return new QueueMailbox<>(capacity);
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity, long maxWeight, ToLongFunction<? super T> weight) {
        return new WeighedMailbox<>(new QueueMailbox<>(capacity), maxWeight, weight);
    }

    /** Saturates: a wait of more than 292 years is for ever. */
    private static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    private static final class VirtualTask implements Task {
        private final String name;
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Thread thread;
        private volatile boolean cancelled;
        private volatile @Nullable Throwable failure;

        VirtualTask(String name, Body body) {
            this.name = name;
            thread = Thread.ofVirtual().name(name).unstarted(() -> live(body));
        }

        private void start() {
            thread.start();
        }

        private void live(Body body) {
            try {
                body.run();
            } catch (InterruptedException e) {
                failure = cancelled ? null : e;
            } catch (Throwable e) {
                failure = e;
                LOG.log(System.Logger.Level.DEBUG, () -> "task " + name + " ended with " + e);
            } finally {
                ended.countDown();
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void cancel() {
            cancelled = true;
            thread.interrupt();
        }

        @Override
        public boolean join(Duration time) throws InterruptedException {
            return ended.await(nanos(time), TimeUnit.NANOSECONDS);
        }

        @Override
        public boolean done() {
            return ended.getCount() == 0;
        }

        @Override
        public Optional<Throwable> failure() {
            return Optional.ofNullable(failure);
        }
    }

    private static final class QueueMailbox<T> implements Mailbox<T> {
        private final LinkedBlockingQueue<T> queue;

        QueueMailbox(int capacity) {
            queue = new LinkedBlockingQueue<>(capacity);
        }

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
            return Optional.ofNullable(queue.poll(nanos(wait), TimeUnit.NANOSECONDS));
        }

        @Override
        public List<T> drain(int max) {
            List<T> out = new ArrayList<>(Math.min(max, queue.size()));
            queue.drainTo(out, max);
            return out;
        }

        @Override
        public int size() {
            return queue.size();
        }
    }
}
