package com.example.segment;

import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool.Stats;
import io.machineroom.ports.spool.SpoolProvider.Durability;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/** One lane: its segments, and a line in memory for each record. */
final class LaneLog {
    private static final String DAMAGED = "damaged";

    private final Lane lane;
    private final Segments segments;
    private final Table table;
    private final Settings settings;
    private final LongSupplier now;
    private final NavigableMap<Entry.Key, Entry> index = new TreeMap<>();
    private final NavigableMap<Entry.Key, Entry> waiting = new TreeMap<>();
    private final Map<String, Entry.Key> newest = new HashMap<>();
    private long waitingBytes;
    private long clock;
    private long tornBytes;
    private long damaged;

    /** Reads every segment; what is no block at the end of the last one is a torn tail. */
    LaneLog(Segments segments, Lane lane, Table table, Settings settings, LongSupplier now) throws IOException {
        this.segments = segments;
        this.lane = lane;
        this.table = table;
        this.settings = settings;
        this.now = now;
        Store.makeDirectory(segments.directory());
        for (long number : segments.numbers()) {
            segments.goOn(number, 0);
            tornBytes = 0;
            for (Segments.Part part : segments.parts(number)) {
                tornBytes = part.isDamage() ? part.length() : 0;
                damaged += part.isDamage() ? 1 : 0;
                if (!part.isDamage()) {
                    segments.goOn(number, part.offset() + part.length());
                    clock = part.entries().getFirst().clock();
                    part.entries().stream()
                            .filter(e -> table.epoch(e.from().epoch()).isPresent())
                            .forEach(this::apply);
                }
            }
        }
        damaged -= tornBytes > 0 ? 1 : 0;
    }

    /** Takes a record in; a void takes the place of what it covers. */
    private void apply(Entry entry) {
        var covered =
                index.subMap(entry.from(), true, new Entry.Key(entry.from().epoch(), entry.through()), true);
        covered.keySet().forEach(this::settle);
        covered.clear();
        index.put(entry.from(), entry);
        table.given(lane, entry.from().epoch(), entry.through());
        if (!entry.isVoid()) {
            await(entry);
            Entry.Key before = lane == Lane.NEWEST ? newest.put(entry.subject(), entry.from()) : null;
            Optional.ofNullable(before)
                    .map(index::get)
                    .filter(e -> !e.isVoid() && !e.equals(entry))
                    .ifPresent(e -> apply(e.voided(LaneLimits.SUPERSEDED)));
        }
    }

    private void await(Entry entry) {
        waiting.put(entry.from(), entry);
        waitingBytes += entry.spot().length();
    }

    private void settle(Entry.Key key) {
        Entry gone = waiting.remove(key);
        waitingBytes -= gone == null ? 0 : gone.spot().length();
    }

    private boolean isDone(Entry entry) {
        return entry.through() <= table.done(lane, entry.from().epoch());
    }

    /** All readers are done with more of an epoch. */
    void settle(long epoch) {
        Entry.Key behind = new Entry.Key(epoch, table.done(lane, epoch) + 1);
        List.copyOf(waiting.subMap(new Entry.Key(epoch, 0), behind).keySet()).forEach(this::settle);
    }

    /** Finds out which messages wait when a reader came. */
    void recount() {
        waiting.clear();
        waitingBytes = 0;
        index.values().stream().filter(e -> !e.isVoid() && !isDone(e)).forEach(this::await);
    }

    /** Writes a block; what it holds counts when it is durable. */
    void write(Block block) {
        try {
            long segmentBytes = Math.clamp(settings.maxBytes() / 16, 1 << 20, 4 << 20);
            boolean syncs = settings.durability() != Durability.OPERATING_SYSTEM;
            if (block.size() > Block.HEAD) {
                segments.append(block, now.getAsLong(), segmentBytes, syncs).forEach(this::apply);
            }
        } catch (IOException e) {
            throw Store.disk("cannot write lane " + lane.wireName(), e);
        }
    }

    /** Lays voids in the place of what has their numbers, as one with those of the same cause in front of them. */
    void layVoids(List<Entry> voids) {
        List<Entry> runs = new ArrayList<>();
        for (Entry each : voids) {
            Map.Entry<Entry.Key, Entry> before = index.lowerEntry(each.from());
            Optional<Entry> front =
                    runs.isEmpty() ? Optional.ofNullable(before).map(Map.Entry::getValue) : Optional.of(runs.getLast());
            Optional<Entry> joined = front.filter(f -> f.behind().equals(each.from()))
                    .filter(f -> f.cause().equals(each.cause()))
                    .map(f -> each.since(f.from()));
            if (joined.isPresent() && !runs.isEmpty()) {
                runs.removeLast();
            }
            runs.add(joined.orElse(each));
        }
        Block block = new Block();
        runs.forEach(run -> block.add(run, new byte[0]));
        write(block);
    }

    /** What comes at or behind a place and is not done; whoever reads sees no gap. */
    Optional<Delivery> read(Entry.Key from, LongUnaryOperator done) {
        Optional<Long> epoch = Optional.of(from.epoch());
        while (epoch.isPresent()) {
            long ordinal = epoch.get();
            long number = Math.max(done.applyAsLong(ordinal) + 1, ordinal == from.epoch() ? from.number() : 1);
            if (number <= table.last(lane, ordinal)) {
                return Optional.of(deliver(at(new Entry.Key(ordinal, number))));
            }
            epoch = table.after(ordinal);
        }
        return Optional.empty();
    }

    /** Numbers that were given and that the index does not know are damaged. */
    private Entry at(Entry.Key key) {
        var before = index.floorEntry(key);
        if (before != null && before.getValue().behind().compareTo(key) > 0) {
            return before.getValue().since(key);
        }
        Entry.Key behind = index.higherKey(key);
        boolean same = behind != null && behind.epoch() == key.epoch();
        return Entry.empty(key, same ? behind.number() - 1 : table.last(lane, key.epoch()), DAMAGED);
    }

    private Delivery deliver(Entry entry) {
        Optional<Message> message = entry.isVoid() ? Optional.empty() : message(entry);
        String cause = entry.isVoid() ? entry.cause() : message.isPresent() ? null : DAMAGED;
        Entry.Key from = entry.from();
        Epoch epoch = table.epoch(from.epoch()).orElseThrow();
        var previous = table.previous(lane, from.epoch()).orElse(null);
        Stamp stamp = new Stamp(epoch, previous, lane, from.number(), entry.through(), cause);
        String id = "void." + epoch.nonce() + "." + lane.wireName() + "." + from.number();
        Message empty = new Message(Delivery.VOID_SUBJECT, id, Map.of(), ByteBuffer.allocate(0), Instant.EPOCH);
        return new Delivery(entry.position(), stamp, message.orElse(empty), 1);
    }

    private Optional<Message> message(Entry entry) {
        try {
            Optional<Message> message = segments.message(entry.spot());
            damaged += message.isPresent() ? 0 : 1;
            return message;
        } catch (IOException e) {
            throw Store.disk("cannot read lane " + lane.wireName(), e);
        }
    }

    /** Last number of an epoch that the files do not hold any more because all readers were done with it. */
    long goneThrough(long epoch) {
        Entry.Key first = index.isEmpty() ? new Entry.Key(Long.MAX_VALUE, 1) : index.firstKey();
        return epoch < first.epoch() ? table.last(lane, epoch) : epoch == first.epoch() ? first.number() - 1 : 0;
    }

    boolean holds(long epoch) {
        Entry.Key next = index.higherKey(new Entry.Key(epoch, 0));
        return next != null && next.epoch() == epoch;
    }

    /** Lays the voids in front of all that waits anew, when their segment could go without them. */
    void renewVoids() {
        layVoids(index.values().stream()
                .filter(e -> !isDone(e))
                .takeWhile(Entry::isVoid)
                .filter(e -> e.spot().segment() < segments.current())
                .toList());
    }

    /** Deletes the segments that nobody needs, from the oldest on: a void lies behind what it covers, and goes after it. */
    void trim() {
        long needed = index.values().stream()
                .filter(e -> !isDone(e))
                .mapToLong(e -> e.spot().segment())
                .reduce(segments.current(), Math::min);
        try {
            segments.deleteBelow(needed);
        } catch (IOException e) {
            throw Store.disk("cannot trim lane " + lane.wireName(), e);
        }
        index.values().removeIf(e -> e.spot().segment() < needed);
        newest.values().removeIf(k -> !index.containsKey(k));
    }

    Stats stats() {
        long age = waiting.isEmpty()
                ? 0
                : now.getAsLong() - waiting.firstEntry().getValue().clock();
        return new Stats(
                waiting.size(), waitingBytes, segments.diskBytes(), tornBytes, damaged, Math.max(0, age / 1000));
    }

    /** Messages that wait, the oldest first. */
    NavigableMap<Entry.Key, Entry> waiting() {
        return waiting;
    }

    long waitingBytes() {
        return waitingBytes;
    }

    /** The spool's clock when the last record was written. */
    long clock() {
        return clock;
    }

    Lane lane() {
        return lane;
    }

    void close() {
        segments.close();
    }
}
