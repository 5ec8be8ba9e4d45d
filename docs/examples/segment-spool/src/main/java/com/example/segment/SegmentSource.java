package com.example.segment;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A named reader: where it is, and how often it handed out what is not done. Bodies are arrays of their own. */
final class SegmentSource implements Source {
    private static final Entry.Key BEGIN = new Entry.Key(0, 1);

    private final SegmentSpool spool;
    private final String name;
    private final Map<Lane, Entry.Key> next = new HashMap<>();
    private final Map<Place, Integer> attempts = new HashMap<>();

    /** Behind a record. */
    private record Place(Lane lane, Entry.Key behind) {}

    SegmentSource(SegmentSpool spool, String name) {
        this.spool = spool;
        this.name = name;
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
            Optional<Delivery> found = spool.next(name, lane, next.getOrDefault(lane, BEGIN));
            if (found.isEmpty() || !batch.isEmpty() && found.get().message().size() > left) {
                break;
            }
            Delivery delivery = found.get();
            left -= delivery.message().size();
            Entry.Key behind = SegmentSpool.behind(delivery);
            next.put(lane, behind);
            int attempt = attempts.merge(new Place(lane, behind), 1, Integer::sum);
            batch.add(new Delivery(delivery.position(), delivery.stamp(), delivery.message(), attempt));
        }
        return left;
    }

    @Override
    public void rewind() {
        spool.in(this, () -> {
            next.clear();
            return true;
        });
    }

    @Override
    public void commit(DoneMark mark) {
        spool.in(this, () -> {
            spool.commit(name, mark);
            long epoch = mark.epoch().ordinal();
            return attempts.keySet()
                    .removeIf(place -> place.lane == mark.lane()
                            && place.behind.epoch() == epoch
                            && place.behind.number() <= mark.through() + 1);
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
