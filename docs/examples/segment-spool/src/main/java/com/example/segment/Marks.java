package com.example.segment;

import io.machineroom.ports.stream.Lane;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What one named reader is done with, in a file of its own. One task changes it; any may ask for the places. */
final class Marks {
    private final Path file;
    private final Map<Lane, Place> low = new EnumMap<>(Lane.class);
    private final Map<Lane, NavigableMap<Long, Long>> done = new EnumMap<>(Lane.class);

    private Marks(Path file) {
        this.file = file;
        for (Lane lane : Lane.values()) {
            done.put(lane, new TreeMap<>());
        }
    }

    /** A new reader. */
    static Marks begin(Path file, Map<Lane, Place> oldest) {
        Marks marks = new Marks(file);
        marks.low.putAll(oldest);
        marks.save();
        return marks;
    }

    /** A reader that was there before; empty marks when its file is damaged. */
    static java.util.Optional<Marks> load(Path file) {
        return Store.load(file).map(text -> {
            Marks marks = new Marks(file);
            text.lines().forEach(marks::read);
            return marks;
        });
    }

    private void read(String line) {
        String[] parts = line.split("\\|", -1);
        Lane lane = Lane.ofWire(parts[0]);
        low.put(lane, Place.of(parts[1]));
        for (String entry : parts[2].isEmpty() ? new String[0] : parts[2].split(" ")) {
            String[] pair = entry.split("=");
            done(lane).put(Long.parseLong(pair[0]), Long.parseLong(pair[1]));
        }
    }

    synchronized void save() {
        StringBuilder text = new StringBuilder();
        for (Lane lane : Lane.values()) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(lane.wireName())
                    .append('|')
                    .append(low(lane).text())
                    .append('|');
            String sign = "";
            for (Map.Entry<Long, Long> entry : done(lane).entrySet()) {
                text.append(sign).append(entry.getKey()).append('=').append(entry.getValue());
                sign = " ";
            }
        }
        Store.save(file, text.toString());
    }

    synchronized Place low(Lane lane) {
        return low.getOrDefault(lane, Place.START);
    }

    synchronized void low(Lane lane, Place place) {
        low.put(lane, place);
        done(lane).headMap(place.epoch()).clear();
    }

    synchronized boolean isDone(Lane lane, Frame.Numbers numbers) {
        return numbers.through() <= done(lane).getOrDefault(numbers.epoch(), 0L);
    }

    /** Last number done in an epoch. */
    synchronized long through(Lane lane, long epoch) {
        Place place = low(lane);
        return Math.max(
                done(lane).getOrDefault(epoch, 0L),
                epoch < place.epoch() ? Long.MAX_VALUE : epoch == place.epoch() ? place.next() - 1 : 0);
    }

    synchronized void through(Lane lane, long epoch, long number) {
        done(lane).merge(epoch, number, Math::max);
    }

    private NavigableMap<Long, Long> done(Lane lane) {
        return done.computeIfAbsent(lane, l -> new TreeMap<>());
    }
}
