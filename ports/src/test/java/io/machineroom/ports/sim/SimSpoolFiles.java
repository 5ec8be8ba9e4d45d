package io.machineroom.ports.sim;

import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a simulated spool has on its disk. Guarded by itself. */
final class SimSpoolFiles {
    static final long OVERHEAD = 100;

    final String lineage;
    final TreeMap<Long, Epoch> epochs = new TreeMap<>();
    final Map<Lane, LaneFiles> lanes = new EnumMap<>(Lane.class);
    final Map<String, Map<Lane, Mark>> marks = new HashMap<>();
    private boolean otherVersion;
    private boolean held;
    private long torn;
    long clockNanos;

    /**
     * A record with its numbers.
     *
     * @param nanos when it came, on the spool's own clock
     * @param dropped whether it was taken out by a bound: then it is a void that occupies nothing
     */
    record SimRecord(Stamp stamp, Message message, long nanos, boolean dropped) {
        long bytes() {
            return dropped ? 0 : OVERHEAD + message.size();
        }

        SimRecord drop(String cause) {
            Stamp gone = stamp.isVoid() ? stamp : stamp.voided(cause);
            return new SimRecord(gone, SimSpool.empty(gone), nanos, true);
        }
    }

    /** What a reader is done with: everything before {@code low}, and behind it the numbers of the map. */
    record Mark(long low, TreeMap<Long, Long> done) {
        boolean covers(Stamp stamp) {
            return stamp.through() <= done.getOrDefault(stamp.epoch().ordinal(), 0L);
        }
    }

    /** The records of a lane; {@code first} is the place of the oldest, counted since ever. */
    static final class LaneFiles {
        final List<SimRecord> records = new ArrayList<>();
        final TreeMap<Long, Long> last = new TreeMap<>();
        long first;
        long synced;

        long end() {
            return first + records.size();
        }

        SimRecord at(long place) {
            return records.get((int) (place - first));
        }
    }

    SimSpoolFiles(String lineage) {
        this.lineage = lineage;
        for (Lane lane : Lane.values()) {
            lanes.put(lane, new LaneFiles());
        }
    }

    LaneFiles lane(Lane lane) {
        LaneFiles files = lanes.get(lane);
        if (files == null) {
            throw new IllegalArgumentException("lane " + lane);
        }
        return files;
    }

    synchronized void loseUnsynced() {
        held = false;
        for (LaneFiles lane : lanes.values()) {
            while (lane.end() > lane.synced) {
                Stamp lost = lane.records.removeLast().stamp();
                lane.last.put(lost.epoch().ordinal(), lost.from() - 1);
            }
        }
    }

    synchronized void tear() {
        torn += OVERHEAD;
    }

    synchronized void claimOtherVersion() {
        otherVersion = true;
    }

    /** What a look at the files finds. */
    synchronized List<SpoolProvider.Finding> check() {
        List<SpoolProvider.Finding> found = new ArrayList<>();
        lanes.forEach((lane, of) -> {
            for (SimRecord record : of.records) {
                if (record.stamp().cause().filter("damaged"::equals).isPresent()) {
                    found.add(new SpoolProvider.Finding(
                            lane.wireName(), record.stamp().from(), "a damaged record"));
                }
            }
        });
        if (torn > 0) {
            found.add(new SpoolProvider.Finding("", 0, "a torn tail"));
        }
        return found;
    }

    synchronized boolean isOtherVersion() {
        return otherVersion;
    }

    /** Whether nobody had it. */
    synchronized boolean hold() {
        boolean free = !held;
        held = true;
        return free;
    }

    synchronized void letGo() {
        held = false;
    }

    synchronized long cutTorn() {
        long cut = torn;
        torn = 0;
        return cut;
    }

    /** Spoils a record: what is left of it is that its numbers are missing. */
    synchronized void damage(String body) {
        for (LaneFiles lane : lanes.values()) {
            lane.records.replaceAll(r -> new String(r.message().bytes(), java.nio.charset.StandardCharsets.UTF_8)
                            .equals(body)
                    ? new SimRecord(r.stamp().voided("damaged"), SimSpool.empty(r.stamp()), r.nanos(), r.dropped())
                    : r);
        }
    }

    /** Spoils one synced record of a lane, if there is one that nobody is done with. */
    synchronized Optional<SimStorage.Damaged> flip(long choice) {
        for (Lane name : Lane.values()) {
            LaneFiles lane = lane(name);
            long low = Math.max(lane.first, slowest(name));
            long count = lane.synced - low;
            if (count > 0) {
                int at = (int) (low - lane.first + Math.floorMod(choice, count));
                SimRecord old = lane.records.get(at);
                if (!old.stamp().isVoid()) {
                    lane.records.set(
                            at,
                            new SimRecord(
                                    old.stamp().voided("damaged"),
                                    SimSpool.empty(old.stamp()),
                                    old.nanos(),
                                    old.dropped()));
                    return Optional.of(
                            new SimStorage.Damaged(old.stamp(), old.message().id()));
                }
            }
        }
        return Optional.empty();
    }

    /** The same on another disk, as after a power cut: held by nobody, without what was not synced. */
    synchronized SimSpoolFiles copy() {
        SimSpoolFiles out = new SimSpoolFiles(lineage);
        out.epochs.putAll(epochs);
        lanes.forEach((name, lane) -> {
            LaneFiles to = out.lane(name);
            to.records.addAll(lane.records);
            to.last.putAll(lane.last);
            to.first = lane.first;
            to.synced = lane.synced;
        });
        marks.forEach((reader, of) -> {
            Map<Lane, Mark> each = new EnumMap<>(Lane.class);
            of.forEach((name, mark) -> each.put(name, new Mark(mark.low(), new TreeMap<>(mark.done()))));
            out.marks.put(reader, each);
        });
        out.loseUnsynced();
        return out;
    }

    /** The last non-empty epoch of a lane before the given one. */
    synchronized Stamp.@Nullable EpochEnd previous(Lane lane, long ordinal) {
        Map.Entry<Long, Long> before = lane(lane).last.lowerEntry(ordinal);
        while (before != null && before.getValue() == 0) {
            before = lane(lane).last.lowerEntry(before.getKey());
        }
        Epoch epoch = before == null ? null : epochs.get(before.getKey());
        return before == null || epoch == null ? null : new Stamp.EpochEnd(epoch, before.getValue());
    }

    /** The place of the reader that is least far. */
    synchronized long slowest(Lane lane) {
        if (marks.isEmpty()) {
            return lane(lane).first;
        }
        long slowest = Long.MAX_VALUE;
        for (Map<Lane, Mark> reader : marks.values()) {
            Mark mark = reader.get(lane);
            slowest = Math.min(slowest, mark == null ? 0 : mark.low());
        }
        return slowest;
    }
}
