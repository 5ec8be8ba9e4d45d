package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Mailbox;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** A mailbox of a simulated world. */
final class SimMailbox<T> implements Mailbox<T> {
    private final Deque<T> items = new ArrayDeque<>();
    private final List<SimWait> waiting = new ArrayList<>();
    private final int capacity;
    private final SimScheduler scheduler;
    private final long maxWeight;
    private final ToLongFunction<? super T> weigher;
    private long weight;

    SimMailbox(int capacity, SimScheduler scheduler) {
        this(capacity, 0, item -> 0, scheduler);
    }

    SimMailbox(int capacity, long maxWeight, ToLongFunction<? super T> weigher, SimScheduler scheduler) {
        if (capacity < 1) {
            throw new IllegalArgumentException("a mailbox holds at least one item, not " + capacity);
        }
        this.capacity = capacity;
        this.scheduler = scheduler;
        this.maxWeight = maxWeight;
        this.weigher = weigher;
    }

    @Override
    public boolean offer(T item) {
        if (items.size() >= capacity || weight + weigher.applyAsLong(item) > maxWeight) {
            return false;
        }
        weight += weigher.applyAsLong(item);
        items.addLast(item);
        while (!waiting.isEmpty()) {
            if (scheduler.wake(waiting.removeFirst(), SimWait.Outcome.READY)) {
                break;
            }
        }
        return true;
    }

    @Override
    public T take() throws InterruptedException {
        scheduler.checkInterrupt();
        while (items.isEmpty()) {
            scheduler.await("a message", this::filled, Long.MAX_VALUE, waiting);
        }
        return removed(items.removeFirst());
    }

    @Override
    public Optional<T> poll(Duration wait) throws InterruptedException {
        scheduler.checkInterrupt();
        long deadline = scheduler.deadline(wait);
        while (items.isEmpty() && scheduler.now() < deadline) {
            scheduler.await("a message", this::filled, deadline, waiting);
        }
        return items.isEmpty() ? Optional.empty() : Optional.of(removed(items.removeFirst()));
    }

    private T removed(T item) {
        weight -= weigher.applyAsLong(item);
        return item;
    }

    private boolean filled() {
        return !items.isEmpty();
    }

    @Override
    public List<T> drain(int max) {
        List<T> out = new ArrayList<>(Math.min(max, items.size()));
        while (out.size() < max && !items.isEmpty()) {
            out.add(removed(items.removeFirst()));
        }
        return out;
    }

    @Override
    public int size() {
        return items.size();
    }
}
