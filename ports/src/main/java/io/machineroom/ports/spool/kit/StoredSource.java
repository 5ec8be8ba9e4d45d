package io.machineroom.ports.spool.kit;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** A named reader: where it is, and how often it handed out what is not done. */
final class StoredSource implements Source {
    private final StoredSpool spool;
    private final String name;
    private final Map<Lane, Place> next = new HashMap<>();
    /** How often a lane was read again that had been read up to there. */
    private final Map<Lane, NavigableMap<Place, Integer>> rewinds = new EnumMap<>(Lane.class);

    private long seen;

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
            batch.add(new Delivery(delivery.position(), delivery.stamp(), delivery.message(), attempt(lane, behind)));
        }
        return left;
    }

    private int attempt(Lane lane, Place behind) {
        int attempt = 1;
        for (int times : rewinds(lane).tailMap(behind, true).values()) {
            attempt += times;
        }
        return attempt;
    }

    private NavigableMap<Place, Integer> rewinds(Lane lane) {
        return rewinds.computeIfAbsent(lane, _ -> new TreeMap<>());
    }

    @Override
    public void rewind() {
        spool.in(this, _ -> {
            next.forEach((lane, behind) -> rewinds(lane).merge(behind, 1, Integer::sum));
            next.clear();
            return true;
        });
    }

    @Override
    public void commit(DoneMark mark) {
        spool.in(this, books -> {
            books.commit(name, mark);
            Place first = new Place(mark.epoch().ordinal(), 0);
            Place behind = new Place(mark.epoch().ordinal(), mark.through() + 1);
            rewinds(mark.lane()).subMap(first, true, behind, true).clear();
            return true;
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
