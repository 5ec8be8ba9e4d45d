package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp.EpochEnd;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code spool.table}: kind, lineage and own clock; then a line for each opening, each reader, and each number: the last
 * that an opening gave in a lane, and how far a reader is.
 */
final class Table {
    static final String FILE = "spool.table";
    private static final String KIND = "segment-spool 3";
    private static final String GIVEN = "-"; // no reader has this name

    private final Path file;
    private final String lineage;
    private final long clock;
    private final NavigableMap<Long, Epoch> epochs = new TreeMap<>();
    private final TreeSet<String> readers = new TreeSet<>();
    private final Map<Cell, Long> numbers = new HashMap<>();

    private record Cell(String who, Lane lane, long epoch) {}

    Table(Path root, Entropy entropy, boolean fresh) {
        this.file = root.resolve(FILE);
        Optional<String> text = Store.load(file);
        if (text.isEmpty() && (!fresh || file.toFile().exists())) {
            throw Store.damaged(file + " is missing or damaged");
        }
        List<String> lines = text.map(t -> t.lines().toList()).orElseGet(() -> List.of(KIND, entropy.hex(16), "0"));
        if (!lines.getFirst().equals(KIND)) {
            throw new PortException.Corrupted(
                    "spool.version",
                    root + " says '" + lines.getFirst() + "'; this program reads '" + KIND
                            + "': use the program that wrote it, or move the directory away");
        }
        this.lineage = lines.get(1);
        this.clock = Long.parseLong(lines.get(2));
        for (String line : lines.subList(3, lines.size())) {
            String[] parts = line.split(" ");
            switch (parts.length) {
                case 1 -> readers.add(parts[0]);
                case 2 -> epochs.put(Long.valueOf(parts[0]), new Epoch(lineage, Long.parseLong(parts[0]), parts[1]));
                default ->
                    numbers.put(
                            new Cell(parts[0], Lane.ofWire(parts[1]), Long.parseLong(parts[2])),
                            Long.valueOf(parts[3]));
            }
        }
    }

    void save(long clockNow) {
        StringBuilder text = new StringBuilder(KIND + "\n" + lineage + "\n" + clockNow);
        readers.forEach(reader -> text.append("\n" + reader));
        epochs.forEach((ordinal, epoch) -> text.append("\n" + ordinal + " " + epoch.nonce()));
        numbers.forEach((cell, number) ->
                text.append("\n" + cell.who + " " + cell.lane.wireName() + " " + cell.epoch + " " + number));
        Store.save(file, text.toString());
    }

    String lineage() {
        return lineage;
    }

    /** The spool's clock when the table was saved. */
    long clock() {
        return clock;
    }

    /** Begins an epoch and forgets those that nobody can ask for. */
    Epoch begin(String nonce, Collection<LaneLog> lanes) {
        long ordinal = epochs.isEmpty() ? 1 : epochs.lastKey() + 1;
        for (long each : List.copyOf(epochs.keySet())) {
            if (lanes.stream().noneMatch(log -> isNeeded(each, lanes) || isNamed(each, log.lane(), lanes))) {
                epochs.remove(each);
            }
        }
        numbers.keySet().removeIf(cell -> !epochs.containsKey(cell.epoch));
        Epoch epoch = new Epoch(lineage, ordinal, nonce);
        epochs.put(ordinal, epoch);
        return epoch;
    }

    /** Whether an epoch has records, or numbers that a reader is not done with. */
    private boolean isNeeded(long epoch, Collection<LaneLog> lanes) {
        return lanes.stream().anyMatch(log -> log.holds(epoch) || done(log.lane(), epoch) < last(log.lane(), epoch));
    }

    /** Whether the stamps of the next epoch that gave numbers in the lane have to name this one. */
    private boolean isNamed(long epoch, Lane lane, Collection<LaneLog> lanes) {
        return last(lane, epoch) > 0
                && epochs.tailMap(epoch, false).keySet().stream()
                        .filter(o -> last(lane, o) > 0)
                        .findFirst()
                        .map(o -> isNeeded(o, lanes))
                        .orElse(true);
    }

    Optional<Epoch> epoch(long ordinal) {
        return Optional.ofNullable(epochs.get(ordinal));
    }

    Optional<Long> after(long ordinal) {
        return Optional.ofNullable(epochs.higherKey(ordinal));
    }

    /** The last epoch before that gave numbers in the lane. */
    Optional<EpochEnd> previous(Lane lane, long ordinal) {
        return epochs.headMap(ordinal, false).descendingMap().values().stream()
                .filter(e -> last(lane, e.ordinal()) > 0)
                .findFirst()
                .map(e -> new EpochEnd(e, last(lane, e.ordinal())));
    }

    /** Numbers up to that one were given. */
    void given(Lane lane, long epoch, long number) {
        if (epochs.containsKey(epoch)) {
            numbers.merge(new Cell(GIVEN, lane, epoch), number, Math::max);
        }
    }

    /** Last number given; 0 for none or an epoch that is not known. */
    long last(Lane lane, long epoch) {
        return through(GIVEN, lane, epoch);
    }

    /** All numbers of the epoch through this one are done. */
    long through(String reader, Lane lane, long epoch) {
        return numbers.getOrDefault(new Cell(reader, lane, epoch), 0L);
    }

    /** What all readers are done with; nothing when there is none. */
    long done(Lane lane, long epoch) {
        return readers.stream().mapToLong(r -> through(r, lane, epoch)).min().orElse(0);
    }

    long waiting(String reader) {
        return numbers.entrySet().stream()
                .filter(e -> e.getKey().who.equals(GIVEN))
                .mapToLong(e -> e.getValue() - through(reader, e.getKey().lane, e.getKey().epoch))
                .sum();
    }

    /** A reader that is new begins with the oldest record that is left; without any, nothing was ever deleted. */
    boolean begin(String reader, Collection<LaneLog> lanes, long now) {
        if (readers.contains(reader)) {
            return false;
        }
        for (LaneLog log : readers.isEmpty() ? List.<LaneLog>of() : lanes) {
            epochs.keySet().forEach(o -> numbers.put(new Cell(reader, log.lane(), o), log.goneThrough(o)));
        }
        readers.add(reader);
        save(now);
        return true;
    }

    /** Durable on return; when the disk refuses, nothing has changed. Whether it is progress. */
    boolean commit(String reader, DoneMark mark, long now) {
        Cell cell = new Cell(reader, mark.lane(), mark.epoch().ordinal());
        boolean known = epoch(cell.epoch).equals(Optional.of(mark.epoch()));
        boolean forgotten = !epochs.containsKey(cell.epoch)
                && mark.epoch().lineage().equals(lineage)
                && cell.epoch < epochs.lastKey();
        if (!forgotten && (!known || mark.through() > last(mark.lane(), cell.epoch))) {
            throw new PortException.Refused("mark.beyond", mark + " is of a number that was never given");
        }
        long before = through(reader, mark.lane(), cell.epoch);
        if (forgotten || mark.through() <= before) {
            return false; // of what is forgotten, all was done
        }
        numbers.put(cell, mark.through());
        try {
            save(now);
        } catch (PortException e) {
            numbers.put(cell, before);
            throw e;
        }
        return true;
    }
}
