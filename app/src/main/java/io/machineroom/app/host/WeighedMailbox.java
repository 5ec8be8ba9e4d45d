package io.machineroom.app.host;

import io.machineroom.ports.runtime.Mailbox;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;

/** A mailbox with a bound of weight on top: the weight is taken before the item goes in. */
final class WeighedMailbox<T> implements Mailbox<T> {
    private final Mailbox<T> mailbox;
    private final long maxWeight;
    private final ToLongFunction<? super T> weigher;
    private final AtomicLong weight = new AtomicLong();

    WeighedMailbox(Mailbox<T> mailbox, long maxWeight, ToLongFunction<? super T> weigher) {
        this.mailbox = mailbox;
        this.maxWeight = maxWeight;
        this.weigher = weigher;
    }

    @Override
    public boolean offer(T item) {
        long own = weigher.applyAsLong(item);
        if (weight.addAndGet(own) > maxWeight || !mailbox.offer(item)) {
            weight.addAndGet(-own);
            return false;
        }
        return true;
    }

    @Override
    public T take() throws InterruptedException {
        return removed(mailbox.take());
    }

    @Override
    public Optional<T> poll(Duration wait) throws InterruptedException {
        return mailbox.poll(wait).map(this::removed);
    }

    @Override
    public List<T> drain(int max) {
        List<T> items = mailbox.drain(max);
        items.forEach(this::removed);
        return items;
    }

    @Override
    public int size() {
        return mailbox.size();
    }

    private T removed(T item) {
        weight.addAndGet(-weigher.applyAsLong(item));
        return item;
    }
}
