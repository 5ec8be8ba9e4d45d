package io.machineroom.ports.sim;

import io.machineroom.ports.spool.kit.Entry;
import io.machineroom.ports.spool.kit.LaneStore;
import io.machineroom.ports.spool.kit.Place;
import io.machineroom.ports.stream.Message;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The records of a lane of a simulated spool, by their last number. Guarded by the spool's files. */
final class SimLaneFiles implements LaneStore {
    private static final String DAMAGED = "damaged";

    private final NavigableMap<Place, Entry> records = new TreeMap<>();
    private long bytes;
    private long damaged;
    private long torn;

    private void put(Entry entry) {
        records.put(entry.last(), entry);
        bytes += entry.bytes();
    }

    @Override
    public void append(List<Entry> entries) {
        for (Entry entry : entries) {
            put(entry.message()
                    .map(message -> Entry.of(entry.from(), copy(message), entry.clock()))
                    .orElse(entry));
        }
    }

    private static Message copy(Message message) {
        return new Message(
                message.subject(),
                message.id(),
                message.headers(),
                ByteBuffer.wrap(message.bytes()),
                message.created());
    }

    @Override
    public Optional<Entry> find(Place place) {
        return Optional.ofNullable(records.ceilingEntry(place)).map(Map.Entry::getValue);
    }

    @Override
    public void trim(Place before) {
        var gone = records.headMap(before, false);
        bytes -= gone.values().stream().mapToLong(Entry::bytes).sum();
        damaged -= gone.values().stream().filter(SimLaneFiles::isDamaged).count();
        gone.clear();
    }

    private static boolean isDamaged(Entry entry) {
        return entry.cause().equals(DAMAGED);
    }

    @Override
    public long diskBytes() {
        return bytes;
    }

    @Override
    public long tornBytes() {
        return torn;
    }

    /** That many bytes were cut. */
    void cut(long count) {
        torn = count;
    }

    @Override
    public long damaged() {
        return damaged;
    }

    Iterable<Entry> records() {
        return List.copyOf(records.values());
    }

    /** Spoils a record: what is left of it is that its numbers are missing. */
    void damage(Entry entry) {
        records.put(entry.last(), entry.voided(DAMAGED));
        bytes -= entry.bytes();
        damaged++;
    }

    /** The same on another disk. */
    SimLaneFiles copy() {
        SimLaneFiles copy = new SimLaneFiles();
        records.values().forEach(copy::put);
        copy.damaged = damaged;
        return copy;
    }
}
