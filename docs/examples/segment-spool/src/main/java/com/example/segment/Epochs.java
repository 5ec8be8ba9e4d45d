package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp.EpochEnd;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** {@code spool.epochs}: the openings, the last number that each gave in each lane, and the spool's own clock. */
final class Epochs {
    static final String FILE = "spool.epochs";
    private static final String KIND = "segment-spool 2";

    private final Path file;
    private final String lineage;
    private final long clock;
    private final NavigableMap<Long, Opening> openings = new TreeMap<>();

    /** One opening; the last numbers stand in the order of the lanes. */
    private record Opening(Epoch epoch, long[] last) {}

    Epochs(Path root, Entropy entropy, boolean fresh) {
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
        lines.subList(3, lines.size()).forEach(this::read);
    }

    private void read(String line) {
        String[] parts = line.split(" ");
        long[] last = new long[Lane.values().length];
        for (int i = 0; i < last.length; i++) {
            last[i] = Long.parseLong(parts[2 + i]);
        }
        long ordinal = Long.parseLong(parts[0]);
        openings.put(ordinal, new Opening(new Epoch(lineage, ordinal, parts[1]), last));
    }

    void save(long clockNow) {
        StringBuilder text = new StringBuilder(KIND + "\n" + lineage + "\n" + clockNow);
        for (Opening each : openings.values()) {
            text.append("\n" + each.epoch.ordinal() + " " + each.epoch.nonce());
            for (long last : each.last) {
                text.append(" " + last);
            }
        }
        Store.save(file, text.toString());
    }

    String lineage() {
        return lineage;
    }

    long clock() {
        return clock;
    }

    /** Begins an epoch and forgets those that nobody can ask for. */
    Epoch begin(String nonce, Predicate<Long> needed) {
        long ordinal = openings.isEmpty() ? 1 : openings.lastKey() + 1;
        for (Opening each : List.copyOf(openings.values())) {
            boolean named = Stream.of(Lane.values()).anyMatch(lane -> isNamed(each, lane, needed));
            if (!named && !needed.test(each.epoch.ordinal())) {
                openings.remove(each.epoch.ordinal());
            }
        }
        Epoch epoch = new Epoch(lineage, ordinal, nonce);
        openings.put(ordinal, new Opening(epoch, new long[Lane.values().length]));
        return epoch;
    }

    /** Whether the stamps of the next opening that gave numbers in the lane have to name this one. */
    private boolean isNamed(Opening opening, Lane lane, Predicate<Long> needed) {
        return opening.last[lane.ordinal()] > 0
                && openings.tailMap(opening.epoch.ordinal(), false).values().stream()
                        .filter(o -> o.last[lane.ordinal()] > 0)
                        .findFirst()
                        .map(o -> needed.test(o.epoch.ordinal()))
                        .orElse(true);
    }

    /** Numbers up to that one were given. */
    void given(Lane lane, long ordinal, long number) {
        Opening opening = openings.get(ordinal);
        if (opening != null) {
            opening.last[lane.ordinal()] = Math.max(opening.last[lane.ordinal()], number);
        }
    }

    /** Last number given; 0 for none or an epoch that is not known. */
    long last(Lane lane, long ordinal) {
        Opening opening = openings.get(ordinal);
        return opening == null ? 0 : opening.last[lane.ordinal()];
    }

    Optional<Epoch> epoch(long ordinal) {
        return Optional.ofNullable(openings.get(ordinal)).map(Opening::epoch);
    }

    /** Whether it was one of ours, and nobody could ask for it any more. */
    boolean isForgotten(Epoch epoch) {
        long ordinal = epoch.ordinal();
        return epoch.lineage().equals(lineage) && !openings.containsKey(ordinal) && ordinal < openings.lastKey();
    }

    /** The ordinals that are known, ascending. */
    Collection<Long> ordinals() {
        return openings.keySet();
    }

    Optional<Long> after(long ordinal) {
        return Optional.ofNullable(openings.higherKey(ordinal));
    }

    Optional<EpochEnd> previous(Lane lane, long ordinal) {
        return openings.headMap(ordinal, false).descendingMap().values().stream()
                .filter(o -> o.last[lane.ordinal()] > 0)
                .findFirst()
                .map(o -> new EpochEnd(o.epoch, o.last[lane.ordinal()]));
    }
}
