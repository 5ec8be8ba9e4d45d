package com.example.segment;

import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The openings of a spool and the last number that each gave in each lane. */
final class Epochs {
    private static final String FILE = "spool.epochs";

    private final Path file;
    private final String lineage;
    private final NavigableMap<Long, Entry> entries = new TreeMap<>();

    private record Entry(Epoch epoch, Map<Lane, Long> last) {
        boolean isEmpty() {
            return last.values().stream().allMatch(n -> n == 0);
        }
    }

    Epochs(Path root, String lineage, boolean needed) {
        this.file = root.resolve(FILE);
        this.lineage = lineage;
        Optional<String> text = Store.load(file);
        if (text.isEmpty() && (needed || java.nio.file.Files.exists(file))) {
            throw Store.damaged(file + " is missing or damaged");
        }
        text.ifPresent(all -> all.lines().forEach(this::read));
    }

    private void read(String line) {
        String[] parts = line.split(" ");
        Map<Lane, Long> last = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            last.put(lane, Long.parseLong(parts[2 + lane.ordinal()]));
        }
        long ordinal = Long.parseLong(parts[0]);
        entries.put(ordinal, new Entry(new Epoch(lineage, ordinal, parts[1]), last));
    }

    /** Notes what a lane says about its last epoch. */
    synchronized void ended(Lane lane, long ordinal, long number) {
        Entry entry = entries.get(ordinal);
        if (entry != null) {
            entry.last.merge(lane, number, Math::max);
        }
    }

    /** Begins an epoch; forgets those that nobody can ask for. Durable on return. */
    synchronized Epoch begin(String nonce, long oldestNeeded) {
        long ordinal = entries.isEmpty() ? 1 : entries.lastKey() + 1;
        entries.values().removeIf(Entry::isEmpty);
        NavigableMap<Long, Entry> named = new TreeMap<>();
        for (Lane lane : Lane.values()) {
            before(oldestNeeded, lane).ifPresent(e -> named.put(e.epoch.ordinal(), e));
        }
        entries.headMap(oldestNeeded).keySet().retainAll(named.keySet());
        Map<Lane, Long> last = new EnumMap<>(Lane.class);
        for (Lane lane : Lane.values()) {
            last.put(lane, 0L);
        }
        Epoch epoch = new Epoch(lineage, ordinal, nonce);
        entries.put(ordinal, new Entry(epoch, last));
        save();
        return epoch;
    }

    synchronized void save() {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries.values()) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(entry.epoch.ordinal())
                    .append(' ')
                    .append(entry.epoch.nonce());
            for (Lane lane : Lane.values()) {
                text.append(' ').append(entry.last.get(lane));
            }
        }
        Store.save(file, text.toString());
    }

    synchronized Optional<Epoch> epoch(long ordinal) {
        return Optional.ofNullable(entries.get(ordinal)).map(Entry::epoch);
    }

    synchronized long oldest() {
        return entries.firstKey();
    }

    /** Last number given; 0 for none or an epoch that is forgotten. */
    synchronized long last(long ordinal, Lane lane) {
        Entry entry = entries.get(ordinal);
        return entry == null ? 0 : entry.last.getOrDefault(lane, 0L);
    }

    /** The epochs from one on, ascending. */
    synchronized java.util.List<Long> from(long ordinal) {
        return java.util.List.copyOf(entries.tailMap(ordinal).keySet());
    }

    synchronized Optional<Stamp.EpochEnd> previous(long ordinal, Lane lane) {
        return before(ordinal, lane).map(e -> new Stamp.EpochEnd(e.epoch, e.last.getOrDefault(lane, 0L)));
    }

    private Optional<Entry> before(long ordinal, Lane lane) {
        return entries.headMap(ordinal, false).descendingMap().values().stream()
                .filter(e -> e.last.getOrDefault(lane, 0L) > 0)
                .findFirst();
    }
}
