package io.machineroom.chronicle;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Position;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One reader's life in one lane: what it handed out, what is done, where it goes back to. One task at a time. */
final class LaneReader implements AutoCloseable {
    private static final int MAX_SKIPPED = 100_000;

    private final LaneCursor cursor;
    private final NavigableMap<Long, Long> done;
    private final Deque<Item> handed = new ArrayDeque<>();
    private final NavigableMap<Position, Integer> rewinds = new TreeMap<>();
    private Place low;
    private @Nullable Item held;
    private boolean skipping;

    LaneReader(LaneCursor cursor, LaneMark start) {
        this.cursor = cursor;
        this.low = start.place();
        this.done = new TreeMap<>(start.done());
    }

    LaneMark mark() {
        return new LaneMark(low, done);
    }

    /**
     * Adds the next records until a bound is met; at least one when the batch is empty.
     *
     * @return the bytes of what was added
     */
    long read(int maxMessages, long maxBytes, List<Delivery> batch) {
        long bytes = 0;
        int skipped = 0;
        while (batch.size() < maxMessages && skipped < MAX_SKIPPED) {
            Item item = held != null ? held : cursor.next();
            held = null;
            if (item == null) {
                break;
            }
            if (isDone(item)) {
                skip(item);
                skipped++;
                continue;
            }
            Delivery delivery = delivery(item);
            int size = delivery.message().size();
            if (!batch.isEmpty() && bytes + size > maxBytes) {
                held = item;
                break;
            }
            bytes += size;
            handed.add(item.withoutMessage());
            batch.add(delivery);
        }
        skipping = skipped == MAX_SKIPPED;
        return bytes;
    }

    /** Whether the last read stopped in a run of records that are done. */
    boolean isSkipping() {
        return skipping;
    }

    private boolean isDone(Item item) {
        return item.head().through() <= done.getOrDefault(item.head().ordinal(), 0L);
    }

    private void skip(Item item) {
        Item last = handed.peekLast();
        if (last == null) {
            low = item.after();
        } else {
            if (isDone(last)) {
                handed.removeLast();
            }
            handed.add(item.withoutMessage());
        }
    }

    private Delivery delivery(Item item) {
        int attempt = 1;
        for (int times : rewinds.tailMap(item.position(), true).values()) {
            attempt += times;
        }
        return Deliveries.of(item, cursor.epochs(), cursor.lane(), attempt);
    }

    void rewind() {
        Item last = handed.peekLast();
        if (last != null) {
            rewinds.merge(last.position(), 1, Integer::sum);
        }
        handed.clear();
        held = null;
        cursor.reset(low);
    }

    /** Last number ever given in an epoch of the table. */
    long last(long ordinal) {
        return ordinal == cursor.epochs().current()
                ? cursor.tail().lastIn(ordinal)
                : cursor.epochs().last(ordinal, cursor.lane());
    }

    /** Notes what is done; whether that is news. */
    boolean commit(long ordinal, long through) {
        if (ordinal < low.ordinal()
                || ordinal == low.ordinal() && through < low.next()
                || through <= done.getOrDefault(ordinal, 0L)) {
            return false;
        }
        done.put(ordinal, through);
        Item head = handed.peek();
        while (head != null && isDone(head)) {
            low = head.after();
            handed.remove();
            head = handed.peek();
        }
        done.headMap(low.ordinal()).clear();
        rewinds.headMap(new Position(low.index(), low.offset()), false).clear();
        return true;
    }

    long waiting() {
        long sum = 0;
        for (long epoch : cursor.epochs().from(low.ordinal())) {
            long from = Math.max(done.getOrDefault(epoch, 0L), epoch == low.ordinal() ? low.next() - 1 : 0);
            sum += Math.max(0, last(epoch) - from);
        }
        return sum;
    }

    @Override
    public void close() {
        cursor.close();
    }
}
