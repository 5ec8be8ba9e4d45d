package com.example.segment;

import io.machineroom.ports.stream.Lane;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs of records that the bounds took out, as long as a reader has to be told. Durable before anybody sees them. */
final class Drops {
    private static final int MOST = 64;

    private final Path file;
    private volatile Map<Lane, List<Drop>> all = new EnumMap<>(Lane.class);

    record Drop(Place from, Place to, String cause) {}

    Drops(Path root) {
        this.file = root.resolve("spool.drops");
        Store.load(file)
                .ifPresent(text -> text.lines().filter(l -> !l.isBlank()).forEach(this::read));
    }

    private void read(String line) {
        String[] parts = line.split("\\|");
        List<Drop> of = new ArrayList<>(of(Lane.ofWire(parts[0])));
        of.add(new Drop(Place.of(parts[1]), Place.of(parts[2]), parts[3]));
        all.put(Lane.ofWire(parts[0]), List.copyOf(of));
    }

    List<Drop> of(Lane lane) {
        return all.getOrDefault(lane, List.of());
    }

    Optional<Drop> covering(Lane lane, Place place) {
        return of(lane).stream()
                .filter(d -> !place.isBefore(d.from) && place.isBefore(d.to))
                .findFirst();
    }

    /** The end of the last run when the place is before it. */
    Place behind(Lane lane, Place place) {
        List<Drop> of = of(lane);
        return !of.isEmpty() && place.isBefore(of.getLast().to) ? of.getLast().to : place;
    }

    /** The start of the first run when that is before the place. */
    Place first(Lane lane, Place place) {
        List<Drop> of = of(lane);
        return !of.isEmpty() && of.getFirst().from.isBefore(place) ? of.getFirst().from : place;
    }

    /** Writer thread. */
    void add(Lane lane, List<Drop> more, Place slowest) {
        List<Drop> now = new ArrayList<>();
        of(lane).stream().filter(d -> slowest.isBefore(d.to)).forEach(now::add);
        for (Drop drop : more) {
            if (!now.isEmpty()
                    && now.getLast().cause.equals(drop.cause)
                    && now.getLast().to.equals(drop.from)) {
                now.add(new Drop(now.removeLast().from, drop.to, drop.cause));
            } else {
                now.add(drop);
            }
        }
        while (now.size() > MOST) {
            Drop first = now.removeFirst();
            now.set(0, new Drop(first.from, now.getFirst().to, now.getFirst().cause));
        }
        Map<Lane, List<Drop>> next = new EnumMap<>(Lane.class);
        next.putAll(all);
        next.put(lane, List.copyOf(now));
        StringBuilder text = new StringBuilder();
        next.forEach((of, drops) -> drops.forEach(d -> text.append(of.wireName())
                .append('|')
                .append(d.from.text())
                .append('|')
                .append(d.to.text())
                .append('|')
                .append(d.cause)
                .append('\n')));
        Store.save(file, text.toString());
        all = next;
    }

    long oldestEpoch() {
        return all.values().stream()
                .flatMap(List::stream)
                .mapToLong(d -> d.from.epoch())
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
