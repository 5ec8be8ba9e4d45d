package io.machineroom.nats;

import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Mailboxes for these tests; nothing here forks. */
final class TestTasks implements Tasks {
    @Override
    public Task fork(String name, Body body) {
        throw new UnsupportedOperationException("these tests fork nothing");
    }

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("these tests do not sleep");
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity) {
        return new Box<>(new LinkedBlockingQueue<>(capacity));
    }

    @Override
    public <T> Mailbox<T> mailbox(int capacity, long maxWeight, java.util.function.ToLongFunction<? super T> weight) {
        return mailbox(capacity);
    }

    private record Box<T>(LinkedBlockingQueue<T> queue) implements Mailbox<T> {
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
