package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Position;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A named reader. Bodies are slices of heap buffers: they stay valid as long as somebody holds them. */
final class SegmentSource implements Source {
    private final SegmentSpool spool;
    private final Marks marks;
    private final Runnable closing;
    private final Map<Lane, Reading> lanes = new EnumMap<>(Lane.class);
    private boolean closed;

    /** One lane of this reader. */
    private final class Reading {
        private final LaneState lane;
        private final Cursor cursor;
        private final Deque<Item> handed = new ArrayDeque<>();
        private final TreeMap<Position, Integer> attempts = new TreeMap<>();
        private Optional<Item> held = Optional.empty();

        Reading(LaneState lane) {
            this.lane = lane;
            this.cursor = lane.cursor(marks.low(lane.lane()));
        }

        long read(int maxMessages, long maxBytes, List<Delivery> batch) {
            long bytes = 0;
            while (batch.size() < maxMessages) {
                Optional<Item> item = held.isPresent() ? held : cursor.next();
                held = Optional.empty();
                if (item.isEmpty()) {
                    break;
                }
                int size = item.get().message().map(m -> m.size()).orElse(0);
                boolean done = marks.isDone(lane.lane(), item.get().numbers());
                if (!done && !batch.isEmpty() && bytes + size > maxBytes) {
                    held = item;
                    break;
                }
                handed.add(item.get());
                if (!done) {
                    bytes += size;
                    int attempt = attempts.merge(item.get().position(), 1, Integer::sum);
                    batch.add(item.get().delivery(lane.lane(), lane.epochs(), attempt));
                }
                settle();
            }
            return bytes;
        }

        /** Moves the mark over what is done and was read. */
        void settle() {
            while (!handed.isEmpty() && marks.isDone(lane.lane(), handed.peek().numbers())) {
                Item item = handed.remove();
                marks.low(lane.lane(), item.after());
                attempts.headMap(item.position(), true).clear();
            }
        }

        void rewind() {
            handed.clear();
            held = Optional.empty();
            cursor.reset(marks.low(lane.lane()));
        }

        /** Last number given in an epoch. */
        long last(long epoch) {
            Place end = lane.log().end();
            return epoch == spool.epoch().ordinal()
                    ? end.epoch() == epoch ? end.next() - 1 : 0
                    : lane.epochs().last(epoch, lane.lane());
        }

        long waiting() {
            long sum = 0;
            for (long epoch : lane.epochs().from(marks.low(lane.lane()).epoch())) {
                sum += Math.max(0, last(epoch) - marks.through(lane.lane(), epoch));
            }
            return sum;
        }
    }

    SegmentSource(SegmentSpool spool, Map<Lane, LaneState> of, Marks marks, Runnable closing) {
        this.spool = spool;
        this.marks = marks;
        this.closing = closing;
        of.forEach((lane, state) -> lanes.put(lane, new Reading(state)));
    }

    @Override
    public List<Delivery> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
        long deadline = System.nanoTime() + wait.toNanos();
        while (true) {
            long seen = spool.published();
            List<Delivery> batch = new ArrayList<>();
            synchronized (this) {
                mustBeOpen();
                long bytes = 0;
                for (Reading lane : lanes.values()) {
                    bytes += lane.read(maxMessages, maxBytes - bytes, batch);
                }
            }
            if (!batch.isEmpty() || !spool.awaitPublished(seen, deadline)) {
                return batch;
            }
        }
    }

    @Override
    public synchronized void rewind() {
        mustBeOpen();
        lanes.values().forEach(Reading::rewind);
    }

    @Override
    public synchronized void commit(DoneMark mark) {
        mustBeOpen();
        Reading lane = lanes.get(mark.lane());
        long ordinal = mark.epoch().ordinal();
        Epochs epochs = lane.lane.epochs();
        boolean old = ordinal < epochs.oldest()
                && mark.epoch().lineage().equals(spool.epoch().lineage());
        boolean known = epochs.epoch(ordinal).filter(mark.epoch()::equals).isPresent();
        if (!old && (!known || mark.through() > lane.last(ordinal))) {
            throw new PortException.Refused("mark.beyond", mark + " is of a number that was never given");
        }
        if (!old && mark.through() > marks.through(mark.lane(), ordinal)) {
            marks.through(mark.lane(), ordinal, mark.through());
            lane.settle();
            marks.save();
        }
    }

    @Override
    public synchronized long waiting() {
        return lanes.values().stream().mapToLong(Reading::waiting).sum();
    }

    private void mustBeOpen() {
        if (closed || spool.isClosed()) {
            throw new PortException.Refused("spool.closed", "the source or its spool is closed");
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            closing.run();
        }
    }
}
