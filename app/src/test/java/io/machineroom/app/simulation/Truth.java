package io.machineroom.app.simulation;

import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What really happened to every event, seen from outside: accepted by a spool, stored by the log, destroyed by hand.
 * It is told by the witnesses around spools and log in the very step, and complains in that step.
 */
final class Truth {
    private final Map<Track, Numbers> tracks = new LinkedHashMap<>();
    /** The last of each node and subject in the lane where only that counts. */
    private final Map<String, Place> newest = new LinkedHashMap<>();

    private final Map<String, Long> acceptedOf = new LinkedHashMap<>();
    private final Map<String, Long> storedAs = new LinkedHashMap<>();
    private final Map<String, Long> storedOf = new LinkedHashMap<>();
    private final Alarm alarm;
    private long accepted;
    private long stored;
    private long destroyed;
    private long damaged;

    Truth(Alarm alarm) {
        this.alarm = alarm;
    }

    private record Place(Numbers numbers, long number) {}

    /** One epoch and lane. */
    record Track(Epoch epoch, Lane lane) {}

    /** Numbers of one track. */
    private static final class Numbers {
        private final String node;
        private final TreeMap<Long, String> accepted = new TreeMap<>();
        private final TreeMap<Long, Set<String>> stored = new TreeMap<>();
        private final Set<Long> excused = new HashSet<>();
        private final Set<Long> voids = new HashSet<>();
        /** Up to here every commit was looked at already. */
        private long committed;

        Numbers(String node) {
            this.node = node;
        }
    }

    private Numbers numbers(Epoch epoch, Lane lane, String node) {
        return tracks.computeIfAbsent(new Track(epoch, lane), t -> new Numbers(node));
    }

    // --- told by the witnesses -------------------------------------------------------------------

    void accepted(String node, Epoch epoch, Lane lane, long number, Message message) {
        Numbers numbers = numbers(epoch, lane, node);
        numbers.accepted.put(number, message.id());
        numbers.committed = Math.min(numbers.committed, number - 1);
        acceptedOf.merge(node, 1L, Long::sum);
        accepted++;
        if (lane == Lane.NEWEST) {
            // the node may say so by a void instead of sending it
            Place before = newest.put(node + " " + message.subject(), new Place(numbers, number));
            if (before != null) {
                before.numbers().voids.add(before.number());
            }
        }
    }

    void skipped(String node, Epoch epoch, Lane lane, long from, long through) {
        Numbers numbers = numbers(epoch, lane, node);
        for (long n = from; n <= through; n++) {
            numbers.voids.add(n);
        }
    }

    /** A bit flip turned that into a hole; the node must say so by a void. */
    void damaged(Stamp stamp) {
        Numbers numbers = tracks.get(new Track(stamp.epoch(), stamp.lane()));
        if (numbers != null
                && numbers.accepted.containsKey(stamp.from())
                && !numbers.stored.containsKey(stamp.from())) {
            numbers.excused.add(stamp.from());
            numbers.voids.add(stamp.from());
            damaged++;
        }
    }

    /** Somebody deleted, reset or rolled back that node's spool: what it held is nobody's promise any more. */
    void destroyed(String node) {
        for (Numbers numbers : tracks.values()) {
            if (numbers.node.equals(node)) {
                for (Long number : numbers.accepted.keySet()) {
                    if (!numbers.stored.containsKey(number) && numbers.excused.add(number)) {
                        destroyed++;
                    }
                }
            }
        }
    }

    void stored(EventLog.Entry entry) {
        Stamp stamp = entry.stamp();
        Numbers numbers = numbers(stamp.epoch(), stamp.lane(), entry.identity());
        if (stamp.isVoid()) {
            for (long n = stamp.from(); n <= Math.min(stamp.through(), stamp.from() + 100_000); n++) {
                numbers.stored.computeIfAbsent(n, k -> new HashSet<>()).add("");
            }
            return;
        }
        long number = stamp.from();
        String id = entry.message().id();
        Set<String> there = numbers.stored.computeIfAbsent(number, k -> new HashSet<>());
        if (!there.add(id)) {
            alarm.raise(Invariant.NOTHING_TWICE, entry.identity() + " " + stamp + " " + id);
        }
        if (there.size() == 1 && numbers.stored.higherKey(number) != null) {
            alarm.raise(Invariant.IN_ORDER, entry.identity() + " " + stamp + " after " + numbers.stored.lastKey());
        }
        String given = numbers.accepted.get(number);
        if (given != null && !given.equals(id)) {
            alarm.raise(Invariant.NOTHING_TWICE, stamp + " is " + given + " and stored as " + id);
        }
        stored++;
        storedOf.merge(numbers.node, 1L, Long::sum);
        storedAs.merge(entry.identity(), 1L, Long::sum);
    }

    void committed(String node, DoneMark mark) {
        Numbers numbers = tracks.get(new Track(mark.epoch(), mark.lane()));
        if (numbers == null) {
            return;
        }
        if (mark.through() <= numbers.committed) {
            return;
        }
        for (Long number : numbers.accepted
                .subMap(numbers.committed, false, mark.through(), true)
                .keySet()) {
            if (!numbers.stored.containsKey(number) && !numbers.excused.contains(number)) {
                alarm.raise(
                        Invariant.MARK_BEHIND_STORE, node + " lets go of " + number + " by " + mark + ", not stored");
            }
        }
        numbers.committed = mark.through();
    }

    Alarm alarm() {
        return alarm;
    }

    // --- looked at -------------------------------------------------------------------------------

    /** Accepted, not stored, not excused. */
    List<String> missing() {
        List<String> out = new ArrayList<>();
        tracks.forEach((track, numbers) -> numbers.accepted.forEach((number, id) -> {
            if (!holds(numbers, number, id) && !numbers.excused.contains(number)) {
                out.add(numbers.node + " " + track.epoch().ordinal() + " " + track.lane() + " " + number + " " + id);
            }
        }));
        return out;
    }

    private static boolean holds(Numbers numbers, Long number, String id) {
        Set<String> there = numbers.stored.get(number);
        return there != null && (there.contains(id) || numbers.voids.contains(number));
    }

    /** Events in the log under one identity. */
    long storedAs(String identity) {
        return storedAs.getOrDefault(identity, 0L);
    }

    /** Events in the log of one box. */
    long storedOf(String node) {
        return storedOf.getOrDefault(node, 0L);
    }

    long acceptedOf(String node) {
        return acceptedOf.getOrDefault(node, 0L);
    }

    long accepted() {
        return accepted;
    }

    long stored() {
        return stored;
    }

    long destroyed() {
        return destroyed;
    }

    long damaged() {
        return damaged;
    }
}
