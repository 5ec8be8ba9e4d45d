package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@code spool.readers}: what each named reader is done with, a line {@code name (lane epoch number)*} each. */
final class Marks {
    private final Path file;
    private final Map<String, Map<Place, Long>> readers = new TreeMap<>();

    private record Place(Lane lane, long epoch) {}

    /** When the file is damaged the readers begin again, with what the segments hold. */
    Marks(Path root, Epochs epochs) {
        this.file = root.resolve("spool.readers");
        for (String line : Store.load(file).orElse("").lines().toList()) {
            String[] parts = line.split(" ");
            Map<Place, Long> of = new HashMap<>();
            for (int i = 1; i < parts.length; i += 3) {
                Place place = new Place(Lane.ofWire(parts[i]), Long.parseLong(parts[i + 1]));
                if (epochs.epoch(place.epoch).isPresent()) {
                    of.put(place, Long.parseLong(parts[i + 2]));
                    epochs.given(place.lane, place.epoch, of.get(place));
                }
            }
            readers.put(parts[0], of);
        }
    }

    /** A reader that is new begins with the oldest record that is left. */
    boolean begin(String reader, Collection<LaneLog> lanes, Epochs epochs) {
        if (readers.containsKey(reader)) {
            return false;
        }
        Map<Place, Long> of = new HashMap<>();
        if (!readers.isEmpty()) { // without any, nothing was ever deleted
            lanes.forEach(log -> epochs.ordinals().forEach(o -> of.put(new Place(log.lane(), o), log.goneThrough(o))));
        }
        readers.put(reader, of);
        save();
        return true;
    }

    /** All numbers of the epoch through this one are done. */
    long through(String reader, Lane lane, long epoch) {
        return readers.getOrDefault(reader, Map.of()).getOrDefault(new Place(lane, epoch), 0L);
    }

    /** What all readers are done with; nothing when there is none. */
    long done(Lane lane, long epoch) {
        return readers.keySet().stream()
                .mapToLong(r -> through(r, lane, epoch))
                .min()
                .orElse(0);
    }

    /** Whether an epoch has records, or numbers that a reader is not done with. */
    boolean need(long epoch, Collection<LaneLog> lanes, Epochs epochs) {
        return lanes.stream()
                .anyMatch(log -> log.holds(epoch) || done(log.lane(), epoch) < epochs.last(log.lane(), epoch));
    }

    long waiting(String reader, Epochs epochs) {
        long sum = 0;
        for (Lane lane : Lane.values()) {
            for (long epoch : epochs.ordinals()) {
                sum += epochs.last(lane, epoch) - through(reader, lane, epoch);
            }
        }
        return sum;
    }

    /** Durable on return; when the disk refuses, nothing has changed. Whether it is progress. */
    boolean commit(String reader, DoneMark mark, Epochs epochs) {
        Lane lane = mark.lane();
        long ordinal = mark.epoch().ordinal();
        if (epochs.isForgotten(mark.epoch())) {
            return false; // all was done
        }
        if (!epochs.epoch(ordinal).equals(Optional.of(mark.epoch())) || mark.through() > epochs.last(lane, ordinal)) {
            throw new PortException.Refused("mark.beyond", mark + " is of a number that was never given");
        }
        long before = through(reader, lane, ordinal);
        if (mark.through() <= before) {
            return false;
        }
        Map<Place, Long> of = readers.getOrDefault(reader, new HashMap<>());
        of.put(new Place(lane, ordinal), mark.through());
        try {
            save();
        } catch (PortException e) {
            of.put(new Place(lane, ordinal), before);
            throw e;
        }
        return true;
    }

    private void save() {
        StringBuilder text = new StringBuilder();
        readers.forEach((name, of) -> {
            text.append(name);
            of.forEach((place, number) -> text.append(" " + place.lane.wireName() + " " + place.epoch + " " + number));
            text.append("\n");
        });
        Store.save(file, text.toString());
    }
}
