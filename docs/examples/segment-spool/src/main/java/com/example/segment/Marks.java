package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Lane;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** What one named reader is done with, in a file of its own: a line {@code lane epoch number} for each epoch. */
final class Marks {
    private final Path file;
    private final Map<Lane, NavigableMap<Long, Long>> done = new EnumMap<>(Lane.class);

    Marks(Path file) {
        this.file = file;
        for (Lane lane : Lane.values()) {
            done.put(lane, new TreeMap<>());
        }
    }

    /** A reader that was there before; empty when its file is damaged: it begins again with what the files hold. */
    static Optional<Marks> load(Path file) {
        return Store.load(file).map(text -> {
            Marks marks = new Marks(file);
            for (String line : text.lines().filter(l -> !l.isEmpty()).toList()) {
                String[] parts = line.split(" ");
                marks.of(Lane.ofWire(parts[0])).put(Long.parseLong(parts[1]), Long.parseLong(parts[2]));
            }
            return marks;
        });
    }

    private NavigableMap<Long, Long> of(Lane lane) {
        return done.getOrDefault(lane, new TreeMap<>());
    }

    /** All numbers of the epoch through this one are done. */
    long through(Lane lane, long epoch) {
        return of(lane).getOrDefault(epoch, 0L);
    }

    /** For a reader that begins. */
    void begin(Lane lane, long epoch, long number) {
        of(lane).put(epoch, number);
    }

    /** Durable on return; when the disk refuses, nothing has changed. */
    void through(Lane lane, long epoch, long number) {
        long before = through(lane, epoch);
        of(lane).put(epoch, number);
        try {
            save();
        } catch (PortException e) {
            of(lane).put(epoch, before);
            throw e;
        }
    }

    void save() {
        StringBuilder text = new StringBuilder();
        done.forEach((lane, of) ->
                of.forEach((epoch, number) -> text.append(lane.wireName() + " " + epoch + " " + number + "\n")));
        Store.save(file, text.toString());
    }

    /** Forgets epochs that the spool has forgotten; tells the others. */
    void settle(Epochs epochs) {
        done.forEach((lane, of) -> {
            of.keySet().retainAll(epochs.ordinals());
            of.forEach((epoch, number) -> epochs.given(lane, epoch, number));
        });
    }
}
