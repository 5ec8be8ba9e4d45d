package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool.Stats;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.function.Predicate;

/** One lane: its segments, and an index of all their records in memory. All under the spool's lock, save {@link #write}. */
final class LaneLog {
    private final Lane lane;
    private final Segments segments;
    private final Epochs epochs;
    private final NavigableMap<Entry.Key, Entry> index = new TreeMap<>();
    private final NavigableMap<Entry.Key, Entry> waiting = new TreeMap<>();
    private final Map<String, Entry.Key> newest = new HashMap<>();
    private Block collecting = new Block();
    private Block inFlight = new Block();
    private long laid;
    private boolean writing;
    private long waitingBytes;
    private long clock;
    private long tornBytes;
    private long damaged;
    private long segment = 1;
    private long end;
    private Optional<RandomAccessFile> file = Optional.empty();

    /** Reads every segment, and cuts what is no block off the last one. */
    LaneLog(Segments segments, Lane lane, Epochs epochs) throws IOException {
        this.segments = segments;
        this.lane = lane;
        this.epochs = epochs;
        Store.makeDirectory(segments.directory());
        for (long number : segments.numbers()) {
            segment = number;
            end = 0;
            int size = segments.scan(number, new Reading());
            if (number == segments.numbers().getLast() && end < size) {
                damaged--;
                tornBytes = size - end;
            }
        }
    }

    private final class Reading implements Segments.Visitor {
        @Override
        public void block(int offset, int length, List<Entry> entries) {
            end = (long) offset + length;
            for (Entry entry : entries) {
                clock = entry.clock();
                if (epochs.epoch(entry.epoch()).isPresent()) {
                    apply(entry.at(segment, offset));
                }
            }
        }

        @Override
        public void damage(int offset, int length) {
            damaged++;
        }
    }

    /** Takes a record in; a void takes the place of what it covers. */
    private void apply(Entry entry) {
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
            long number = Math.max(
                    done.applyAsLong(ordinal) + 1, ordinal == from.epoch() ? from.number() : 1);
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
    List<Entry> oldVoids(LongUnaryOperator done) {
        return index.values().stream()
                .filter(e -> e.through() > done.applyAsLong(e.epoch()))
                .takeWhile(Entry::isVoid)
                .filter(e -> e.spot().segment() < segment)
                .toList();
    }

    /** Deletes segments that nobody needs: behind the first message that waits, records lie in the order of their numbers. */
    void trim(LongUnaryOperator done) {
        long needed = segment;
        for (Entry entry : index.values()) {
            boolean isDone = entry.through() <= done.applyAsLong(entry.epoch());
            needed = isDone ? needed : Math.min(needed, entry.spot().segment());
            if (!isDone && !entry.isVoid()) {
                break;
            }
        }
        long below = needed;
        try {
            segments.deleteBelow(below);
        } catch (IOException e) {
            throw Store.disk("cannot trim lane " + lane.wireName(), e);
        }
        index.values().removeIf(e -> e.spot().segment() < below);
        newest.values().removeIf(k -> !index.containsKey(k));
    }

    /** Messages that wait, the oldest first. */
    NavigableMap<Entry.Key, Entry> waiting() {
        return waiting;
    }

    NavigableMap<Entry.Key, Entry> index() {
        return index;
    }

    /** Messages that wait or are about to. */
    long records() {
        return waiting.size() + collecting.entries().size() + inFlight.entries().size();
    }

    long bytes() {
        return waitingBytes + collecting.size() + inFlight.size() - 2L * Block.HEAD;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    Stats stats(long now) {
        long age = waiting.isEmpty() ? 0 : now - waiting.firstEntry().getValue().clock();
        return new Stats(
                waiting.size(), waitingBytes, segments.diskBytes(), tornBytes, damaged, Math.max(0, age / 1000));
    }

    long clock() {
        return clock;
    }

    Lane lane() {
        return lane;
    }

    /** Bytes that are not what was written were met. */
    void noteDamage() {
        damaged++;
    }

    Segments segments() {
        return segments;
    }

    long segment() {
        return segment;
    }

    /** Last number laid in an epoch, durable or not. */
    long laid(long epoch) {
        return Math.max(epochs.last(lane, epoch), laid);
    }

    /** Adds a record to the block that the next write takes. */
    void lay(Entry entry, byte[] message) {
        collecting.add(entry, message);
        laid = epochs.after(entry.epoch()).isEmpty() ? Math.max(laid, entry.through()) : laid;
    }

    Block collecting() {
        return collecting;
    }

    boolean isWriting() {
        return writing;
    }

    boolean isIdle() {
        return !writing && collecting.entries().isEmpty();
    }

    void beginWriting() {
        writing = true;
        inFlight = collecting;
        collecting = new Block();
    }

    /** What was written counts, or nothing of it and nothing of what was laid meanwhile. */
    void endWriting(Optional<PortException> failure) {
        writing = false;
        int size = inFlight.size();
        inFlight.end(failure);
        if (failure.isEmpty()) {
            inFlight.entries().forEach(e -> apply(e.at(segment, (int) (end - size))));
        } else {
            refuse(failure);
        }
        inFlight = new Block();
    }

    /** Nothing of what was laid counts. */
    void refuse(Optional<PortException> why) {
        collecting.end(why);
        collecting = new Block();
        laid = 0;
    }

    /** Writes a block behind the last one, or into a new segment, and syncs. Without the lock, one task at a time. */
    void write(long clockNow, long segmentBytes, boolean syncs) throws IOException {
        Block block = inFlight;
        try {
            boolean fresh = end > 0 && end + block.size() > segmentBytes;
            if (fresh) {
                close();
                segment++;
                end = 0;
            }
            RandomAccessFile to = file.isPresent()
                    ? file.get()
                    : new RandomAccessFile(segments.file(segment).toFile(), "rw");
            if (file.isEmpty()) {
                file = Optional.of(to);
                to.setLength(end);
                Store.syncDirectory(segments.directory());
            }
            to.seek(end);
            to.write(block.seal(segments.place(segment), clockNow));
            if (syncs) {
                to.getFD().sync();
            }
            end += block.size();
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    void close() throws IOException {
        if (file.isPresent()) {
            file.get().close();
            file = Optional.empty();
        }
    }
}
