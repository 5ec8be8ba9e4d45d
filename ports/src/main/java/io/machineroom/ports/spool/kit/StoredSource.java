package io.machineroom.ports.spool.kit;

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

/** A named reader: where it is, and how often it handed out what is not done. */
final class StoredSource implements Source {
    private final StoredSpool spool;
    private final String name;
    private final Map<Lane, Place> next = new HashMap<>();
    private final Map<Behind, Integer> attempts = new HashMap<>();
    private long seen;

    private record Behind(Lane lane, Place place) {}

    StoredSource(StoredSpool spool, String name) {
        this.spool = spool;
        this.name = name;
    }

    @Override
    public List<Delivery> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
        List<Delivery> batch = take(maxMessages, maxBytes);
        if (batch.isEmpty() && !wait.isZero()) {
            spool.await(seen, wait);
            batch = take(maxMessages, maxBytes);
        }
        return batch;
    }

    private List<Delivery> take(int maxMessages, long maxBytes) {
        return spool.in(this, books -> {
            seen = spool.news();
            List<Delivery> batch = new ArrayList<>();
            long left = maxBytes;
            for (Lane lane : Lane.values()) {
                left = take(books, lane, maxMessages, left, batch);
            }
            return batch;
        });
    }

    /** What is left of the bytes. */
    private long take(Books books, Lane lane, int maxMessages, long maxBytes, List<Delivery> batch) {
        long left = maxBytes;
        while (batch.size() < maxMessages) {
            Optional<Delivery> found = books.next(name, lane, next.getOrDefault(lane, Place.FIRST));
            if (found.isEmpty() || !batch.isEmpty() && found.get().message().size() > left) {
                break;
            }
            Delivery delivery = found.get();
            left -= delivery.message().size();
            Place behind = Place.behind(delivery);
            next.put(lane, behind);
            int attempt = attempts.merge(new Behind(lane, behind), 1, Integer::sum);
            batch.add(new Delivery(delivery.position(), delivery.stamp(), delivery.message(), attempt));
        }
        return left;
    }

    @Override
    public void rewind() {
        spool.in(this, _ -> {
            next.clear();
            return true;
        });
    }

    @Override
    public void commit(DoneMark mark) {
        spool.in(this, books -> {
            books.commit(name, mark);
            long epoch = mark.epoch().ordinal();
            return attempts.keySet()
                    .removeIf(behind -> behind.lane == mark.lane()
                            && behind.place.epoch() == epoch
                            && behind.place.number() <= mark.through() + 1);
        });
    }

    @Override
    public long waiting() {
        return spool.in(this, books -> books.waiting(name));
    }

    @Override
    public void close() {
        spool.forget(this);
    }
}
