package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The named readers and what all of them are done with. Under the spool's lock. */
final class Readers {
    private final Path directory;
    private final Map<Lane, LaneLog> lanes;
    private final Epochs epochs;
    private final Map<String, Marks> all = new HashMap<>();

    Readers(Path directory, Map<Lane, LaneLog> lanes, Epochs epochs) throws IOException {
        this.directory = directory;
        this.lanes = lanes;
        this.epochs = epochs;
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(f -> !f.toString().endsWith("~")).toList()) {
                Marks.load(file).ifPresent(marks -> {
                    marks.settle(epochs);
                    all.put(file.getFileName().toString(), marks);
                });
            }
        }
    }

    /** A reader; a new one begins with the oldest record that is left. */
    Marks named(String name) {
        Marks known = all.get(name);
        if (known != null) {
            return known;
        }
        Marks marks = new Marks(directory.resolve(name));
        if (!all.isEmpty()) { // without any, nothing was ever deleted
            lanes.forEach((lane, log) -> epochs.ordinals()
                    .forEach(o -> marks.begin(lane, o, log.index().goneThrough(o))));
        }
        marks.save();
        all.put(name, marks);
        recount();
        return marks;
    }

    /** What all readers are done with; nothing when there is none. */
    long done(Lane lane, long ordinal) {
        return all.values().stream()
                .mapToLong(m -> m.through(lane, ordinal))
                .min()
                .orElse(0);
    }

    /** Whether an epoch has records, or numbers that a reader is not done with. */
    boolean isNeeded(long ordinal) {
        return lanes.entrySet().stream()
                .anyMatch(e -> e.getValue().index().holds(ordinal)
                        || done(e.getKey(), ordinal) < epochs.last(e.getKey(), ordinal));
    }

    void recount() {
        lanes.forEach((lane, log) -> epochs.ordinals().forEach(o -> recount(lane, o, Long.MAX_VALUE)));
    }

    private void recount(Lane lane, long ordinal, long through) {
        long done = done(lane, ordinal);
        lanes.get(lane).index().recount(ordinal, through, e -> e.through() <= done);
    }

    void commit(Marks marks, DoneMark mark, long current) {
        long ordinal = mark.epoch().ordinal();
        boolean ours = mark.epoch().lineage().equals(epochs.lineage());
        if (epochs.epoch(ordinal).isEmpty() && ours && ordinal < current) {
            return; // an epoch that is forgotten, since all was done
        }
        if (epochs.epoch(ordinal).filter(mark.epoch()::equals).isEmpty()
                || mark.through() > epochs.last(mark.lane(), ordinal)) {
            throw new PortException.Refused("mark.beyond", mark + " is of a number that was never given");
        }
        if (mark.through() > marks.through(mark.lane(), ordinal)) {
            marks.through(mark.lane(), ordinal, mark.through());
            recount(mark.lane(), ordinal, mark.through());
        }
    }

    long waiting(Marks marks) {
        long sum = 0;
        for (Lane lane : Lane.values()) {
            for (long ordinal : epochs.ordinals()) {
                sum += epochs.last(lane, ordinal) - marks.through(lane, ordinal);
            }
        }
        return sum;
    }
}
