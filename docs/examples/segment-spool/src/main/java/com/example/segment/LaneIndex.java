package com.example.segment;

import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.stream.Lane;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;

/** What one lane holds, in the order of its numbers: a line in memory for each record. Under the spool's lock. */
final class LaneIndex {
    private final Lane lane;
    private final Epochs epochs;
    private final NavigableMap<Entry.Key, Entry> index = new TreeMap<>();
    private final NavigableMap<Entry.Key, Entry> waiting = new TreeMap<>();
    private final Map<String, Entry.Key> newest = new HashMap<>();
    private long waitingBytes;

    LaneIndex(Lane lane, Epochs epochs) {
        this.lane = lane;
        this.epochs = epochs;
    }

    /** Takes a record in; a void takes the place of what it covers. */
    void apply(Entry entry) {
        var covered = index.subMap(entry.first(), true, entry.last(), true);
        List.copyOf(covered.values()).forEach(this::done);
        covered.clear();
        index.put(entry.first(), entry);
        epochs.given(lane, entry.epoch(), entry.through());
        if (!entry.isVoid()) {
            waiting.put(entry.first(), entry);
            waitingBytes += entry.spot().length();
            if (lane == Lane.NEWEST) {
                Optional.ofNullable(newest.put(entry.subject(), entry.first()))
                        .map(index::get)
                        .filter(e -> !e.isVoid() && !e.equals(entry))
                        .ifPresent(e -> apply(e.voided(LaneLimits.SUPERSEDED)));
            }
        }
    }

    private void done(Entry entry) {
        if (waiting.remove(entry.first()) != null) {
            waitingBytes -= entry.spot().length();
        }
    }

    /** Finds out again which messages of an epoch wait, when a reader came or went on. */
    void recount(long epoch, long through, Predicate<Entry> isDone) {
        var part = index.subMap(new Entry.Key(epoch, 0), true, new Entry.Key(epoch, through), true);
        for (Entry entry : part.values()) {
            if (isDone.test(entry)) {
                done(entry);
            } else if (!entry.isVoid() && waiting.put(entry.first(), entry) == null) {
                waitingBytes += entry.spot().length();
            }
        }
    }

    /**
     * What comes at or behind a place and is not done. Numbers that were given and that the index does not know are
     * {@code damaged}: whoever reads sees no gap.
     */
    Optional<Entry> next(Entry.Key from, LongUnaryOperator done) {
        Optional<Long> epoch = Optional.of(from.epoch());
        while (epoch.isPresent()) {
            long ordinal = epoch.get();
            long number = Math.max(done.applyAsLong(ordinal) + 1, ordinal == from.epoch() ? from.number() : 1);
            long last = epochs.last(lane, ordinal);
            if (number <= last) {
                Entry.Key key = new Entry.Key(ordinal, number);
                var before = index.floorEntry(key);
                if (before != null && before.getValue().last().compareTo(key) >= 0) {
                    return Optional.of(before.getValue().since(number));
                }
                Entry.Key behind = index.higherKey(key);
                boolean same = behind != null && behind.epoch() == ordinal;
                return Optional.of(Entry.empty(key, same ? behind.number() - 1 : last, "damaged"));
            }
            epoch = epochs.after(ordinal);
        }
        return Optional.empty();
    }

    /** Last number of an epoch that the files do not hold any more because all readers were done with it. */
    long goneThrough(long ordinal) {
        Entry.Key first = index.isEmpty() ? new Entry.Key(Long.MAX_VALUE, 1) : index.firstKey();
        return ordinal < first.epoch() ? epochs.last(lane, ordinal) : ordinal == first.epoch() ? first.number() - 1 : 0;
    }

    /** Voids at the beginning that hold segments which could go without them. */
    List<Entry> oldVoids(LongUnaryOperator done, long segment) {
        return index.values().stream()
                .filter(e -> e.through() > done.applyAsLong(e.epoch()))
                .takeWhile(Entry::isVoid)
                .filter(e -> e.spot().segment() < segment)
                .toList();
    }

    /** First segment that somebody needs: behind the first message that waits, records lie in the order of their numbers. */
    long needed(LongUnaryOperator done, long current) {
        long needed = current;
        for (Entry entry : index.values()) {
            boolean isDone = entry.through() <= done.applyAsLong(entry.epoch());
            needed = isDone ? needed : Math.min(needed, entry.spot().segment());
            if (!isDone && !entry.isVoid()) {
                break;
            }
        }
        return needed;
    }

    void forgetBelow(long segment) {
        index.values().removeIf(e -> e.spot().segment() < segment);
        newest.values().removeIf(k -> !index.containsKey(k));
    }

    /** Messages that wait, the oldest first. */
    NavigableMap<Entry.Key, Entry> waiting() {
        return waiting;
    }

    /** The record in front of a place. */
    Optional<Entry> before(Entry.Key place) {
        return Optional.ofNullable(index.lowerEntry(place)).map(Map.Entry::getValue);
    }

    boolean holds(long epoch) {
        Entry.Key next = index.higherKey(new Entry.Key(epoch, 0));
        return next != null && next.epoch() == epoch;
    }

    long waitingBytes() {
        return waitingBytes;
    }
}
