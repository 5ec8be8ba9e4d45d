package com.example.segment;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A named reader: where it is, and how often it handed out what is not done. Bodies are arrays of their own. */
final class SegmentSource implements Source {
    private final SegmentSpool spool;
    private final String name;
    private final Map<Lane, Entry.Key> next = new EnumMap<>(Lane.class);
    private final Map<Lane, TreeMap<Entry.Key, Integer>> attempts = new EnumMap<>(Lane.class);

    SegmentSource(SegmentSpool spool, String name) {
        this.spool = spool;
        this.name = name;
        for (Lane lane : Lane.values()) {
            next.put(lane, new Entry.Key(0, 1));
            attempts.put(lane, new TreeMap<>());
        }
    }

    @Override
    public List<Delivery> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
        return spool.await(this, wait, () -> {
            List<Delivery> batch = new ArrayList<>();
            long left = maxBytes;
            for (Lane lane : Lane.values()) {
                left = read(lane, maxMessages, left, batch);
            }
            return batch;
        });
    }

    /** What is left of the bytes. */
    private long read(Lane lane, int maxMessages, long maxBytes, List<Delivery> batch) {
        long left = maxBytes;
        while (batch.size() < maxMessages) {
            Optional<Delivery> found = spool.next(name, lane, next.getOrDefault(lane, new Entry.Key(0, 1)));
            if (found.isEmpty() || !batch.isEmpty() && found.get().message().size() > left) {
                break;
            }
            Delivery delivery = found.get();
            left -= delivery.message().size();
            Entry.Key behind = SegmentSpool.behind(delivery);
            next.put(lane, behind);
            int attempt = attempts.getOrDefault(lane, new TreeMap<>()).merge(behind, 1, Integer::sum);
            batch.add(new Delivery(delivery.position(), delivery.stamp(), delivery.message(), attempt));
        }
        return left;
    }

    @Override
    public void rewind() {
        spool.in(this, () -> {
            next.replaceAll((lane, at) -> new Entry.Key(0, 1));
            return true;
        });
    }

    @Override
    public void commit(DoneMark mark) {
        spool.in(this, () -> {
            spool.commit(name, mark);
            long epoch = mark.epoch().ordinal();
            Entry.Key behind = new Entry.Key(epoch, mark.through() + 2);
            attempts.getOrDefault(mark.lane(), new TreeMap<>())
                    .subMap(new Entry.Key(epoch, 0), behind)
                    .clear();
            return true;
        });
    }

    @Override
    public long waiting() {
        return spool.in(this, () -> spool.waiting(name));
    }

    @Override
    public void close() {
        spool.forget(this);
    }
}
