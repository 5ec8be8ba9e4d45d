package io.machineroom.chronicle;

import io.machineroom.ports.stream.Lane;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the bounds of the lanes have taken out, in order, as long as a reader has to be told. Durable before any reader
 * sees it. Written by the writer thread only; any task may ask.
 */
final class Drops implements AutoCloseable {
    private static final int MAX_ENTRIES = 64;
    private static final int SLOT = 64 << 10;

    private final CheckpointFile file;
    private volatile Map<Lane, List<Drop>> entries;

    Drops(Disk disk, Path path) {
        this.file = new CheckpointFile(disk, path, SLOT);
        this.entries = file.read().flatMap(Drops::decode).orElseGet(() -> new EnumMap<>(Lane.class));
    }

    List<Drop> of(Lane lane) {
        return entries.getOrDefault(lane, List.of());
    }

    /** The run in which a place lies. */
    Optional<Drop> covering(Lane lane, Place place) {
        for (Drop drop : of(lane)) {
            if (drop.covers(place)) {
                return Optional.of(drop);
            }
        }
        return Optional.empty();
    }

    /** Where the last run ends; the place itself when it is not before that. */
    Place behind(Lane lane, Place place) {
        List<Drop> all = of(lane);
        return !all.isEmpty() && place.isBefore(all.getLast().to())
                ? all.getLast().to()
                : place;
    }

    /** Where the first run begins, or the place when that is before it. */
    Place first(Lane lane, Place place) {
        List<Drop> all = of(lane);
        return all.isEmpty() || place.isBefore(all.getFirst().from())
                ? place
                : all.getFirst().from();
    }

    /**
     * Adds runs behind those that are there, and forgets those that every reader has passed. Of too many the oldest two
     * become one with the cause of the later.
     */
    void add(Lane lane, List<Drop> more, Place slowest) {
        List<Drop> all = new ArrayList<>();
        for (Drop drop : of(lane)) {
            if (slowest.isBefore(drop.to())) {
                all.add(drop);
            }
        }
        for (Drop drop : more) {
            Drop last = all.isEmpty() ? null : all.getLast();
            if (last != null && last.cause().equals(drop.cause()) && !last.to().isBefore(drop.from())) {
                all.set(all.size() - 1, new Drop(last.from(), drop.to(), drop.cause()));
            } else {
                all.add(drop);
            }
        }
        while (all.size() > MAX_ENTRIES) {
            Drop first = all.removeFirst();
            all.set(
                    0,
                    new Drop(first.from(), all.getFirst().to(), all.getFirst().cause()));
        }
        Map<Lane, List<Drop>> now = new EnumMap<>(Lane.class);
        now.putAll(entries);
        now.put(lane, List.copyOf(all));
        save(now);
        entries = now;
    }

    private void save(Map<Lane, List<Drop>> now) {
        ByteBuffer to = ByteBuffer.allocate(Lane.values().length * (4 + MAX_ENTRIES * Drop.BYTES));
        for (Lane lane : Lane.values()) {
            List<Drop> all = now.getOrDefault(lane, List.of());
            to.putInt(all.size());
            all.forEach(drop -> drop.put(to));
        }
        byte[] bytes = new byte[to.position()];
        to.get(0, bytes);
        file.write(bytes);
    }

    private static Optional<Map<Lane, List<Drop>>> decode(byte[] bytes) {
        try {
            ByteBuffer from = ByteBuffer.wrap(bytes);
            Map<Lane, List<Drop>> all = new EnumMap<>(Lane.class);
            for (Lane lane : Lane.values()) {
                List<Drop> of = new ArrayList<>();
                for (int left = from.getInt(); left > 0; left--) {
                    of.add(Drop.read(from));
                }
                all.put(lane, List.copyOf(of));
            }
            return Optional.of(all);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            System.getLogger(Drops.class.getName())
                    .log(System.Logger.Level.WARNING, "the list of dropped records is none; they come back", e);
            return Optional.empty();
        }
    }

    /** The oldest epoch that a reader may have to be told of. */
    long oldestEpoch() {
        return entries.values().stream()
                .flatMap(List::stream)
                .mapToLong(drop -> drop.from().ordinal())
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Override
    public void close() {
        file.close();
    }
}
