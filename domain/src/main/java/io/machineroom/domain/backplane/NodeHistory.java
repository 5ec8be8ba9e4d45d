package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything known about the numbers of one node: restores their order, tells what is new from what came
 * before, and notices clones. Bounded: {@value #MAX_LANES} lineages and lanes, and the held records of
 * {@link Limits}. Belongs to the task of its partition.
 */
final class NodeHistory {
    private static final int MAX_LANES = 16;

    private final Limits limits;
    private final Map<String, LaneHistory> lanes = new LinkedHashMap<>(16, 0.75f, true);
    private Origin origin;
    private final NodeMemory memory;
    private Totals retired = Totals.NONE;

    NodeHistory(Origin origin, Limits limits, ForkBudget forks) {
        this.origin = origin;
        this.limits = limits;
        this.memory = new NodeMemory(limits, forks);
    }

    /**
     * Bounds of one node.
     *
     * @param heldRecords records kept while numbers before them are missing
     * @param heldBytes bytes of those
     * @param gapNanos how long a missing number is waited for
     * @param strangerNanos the same when nothing is known of what comes before
     * @param forkIds ids of forks that are remembered, so that each is stored once
     */
    record Limits(int heldRecords, long heldBytes, long gapNanos, long strangerNanos, int forkIds) {
        static Limits defaults() {
            return new Limits(4096, 4 << 20, 600_000_000_000L, 60_000_000_000L, 1024);
        }
    }

    /** What is to be stored, in this order, and what was noticed on the way. */
    static final class Intake {
        private final List<Arrived> stored = new ArrayList<>();
        private final List<Arrived> forks = new ArrayList<>();

        List<Arrived> stored() {
            return stored;
        }

        List<Arrived> forks() {
            return forks;
        }

        /** Nothing of this node after all. */
        void drop(Origin origin) {
            String key = Partition.key(origin);
            stored.removeIf(a -> Partition.key(a.origin()).equals(key));
            forks.removeIf(a -> Partition.key(a.origin()).equals(key));
        }
    }

    Origin origin() {
        return origin;
    }

    /**
     * Judges one arrival and adds what may now be stored to {@code into}.
     *
     * @param hold whether to keep it when it is too early, so that it need not come again
     */
    Taken offer(Arrived arrived, boolean hold, long now, Intake into) {
        origin = arrived.origin();
        Stamp stamp = arrived.stamp();
        String id = arrived.message().id();
        LaneHistory lane = lane(stamp);
        if (lane.isClosed(stamp)) {
            return Taken.KNOWN;
        }
        if (!lane.admits(stamp)) {
            return Taken.AHEAD;
        }
        boolean clone = lane.find(stamp.epoch()).isEmpty() && lane.contradicts(stamp.epoch());
        Track track = lane.open(stamp);
        if (clone) {
            into.forks.add(arrived);
        }
        if (track.isKnown(stamp, id)) {
            return Taken.KNOWN;
        }
        if (stamp.from() <= track.through() + 1 && lane.ready(track)) {
            take(lane, track, arrived, into);
            drain(lane, into);
            return Taken.STORED;
        }
        if (overdue(lane, track, now)) {
            lane.begin(track);
            track.giveUpBefore(stamp.from());
            take(lane, track, arrived, into);
            drain(lane, into);
            return Taken.STORED;
        }
        track.sawAhead(stamp);
        return hold && track.hold(arrived) ? Taken.HELD : Taken.AHEAD;
    }

    private boolean overdue(LaneHistory lane, Track track, long now) {
        long patience = lane.beginsInTheMiddle(track) ? limits.strangerNanos() : limits.gapNanos();
        return now - track.waitedFrom(now) >= patience;
    }

    private void take(LaneHistory lane, Track track, Arrived arrived, Intake into) {
        Stamp stamp = arrived.stamp();
        String id = arrived.message().id();
        if (track.isFork(stamp, id) && track.totals().forks() == 0) {
            into.forks.add(arrived);
        }
        lane.begin(track);
        Stamp rest = behind(stamp, track.through());
        track.take(stamp, id);
        into.stored.add(new Arrived(arrived.origin(), rest, arrived.message()));
        lane.foldIfDone(track);
    }

    /** A void that overlaps what is stored is cut to the new numbers, unless it fills a gap. */
    private static Stamp behind(Stamp stamp, long through) {
        if (!stamp.isVoid() || stamp.through() <= through || stamp.from() > through) {
            return stamp;
        }
        return new Stamp(
                stamp.epoch(), stamp.previous(), stamp.lane(), through + 1, stamp.through(), stamp.voidCause());
    }

    private void drain(LaneHistory lane, Intake into) {
        boolean moved = true;
        while (moved) {
            moved = false;
            for (Track track : lane.waiting()) {
                List<Arrived> next = lane.ready(track) ? track.pollReady() : List.of();
                for (Arrived arrived : next) {
                    if (!track.isKnown(arrived.stamp(), arrived.message().id())) {
                        take(lane, track, arrived, into);
                    }
                    moved = true;
                }
            }
        }
    }

    /** Gives up numbers that were waited for long enough; adds what may then be stored. */
    void sweep(long now, Intake into) {
        if (memory.heldRecords() == 0) {
            return;
        }
        for (LaneHistory lane : List.copyOf(lanes.values())) {
            for (Track track : lane.waiting()) {
                if (track.holds() && overdue(lane, track, now)) {
                    lane.begin(track);
                    track.giveUpBefore(track.firstHeld());
                    drain(lane, into);
                }
            }
        }
    }

    /** Repeats the effect of a stored entry when the log is read at the start. */
    void replay(Origin from, Stamp stamp, String id) {
        origin = from;
        LaneHistory lane = lane(stamp);
        if (lane.isClosed(stamp)) {
            return;
        }
        Track track = lane.open(stamp);
        if (!track.isKnown(stamp, id)) {
            lane.begin(track);
            track.take(stamp, id);
            lane.foldIfDone(track);
        }
    }

    /** What a receipt may say of an epoch and lane; empty when nothing. */
    Optional<Stand> stand(Stamp stamp) {
        LaneHistory lane = lanes.get(key(stamp.epoch().lineage(), stamp.lane()));
        return lane == null ? Optional.empty() : lane.stand(stamp.epoch());
    }

    /** The number that comes next in an epoch and lane. */
    long expected(Stamp stamp) {
        LaneHistory lane = lanes.get(key(stamp.epoch().lineage(), stamp.lane()));
        return lane == null ? 1 : lane.through(stamp.epoch()) + 1;
    }

    /** Nothing of it is needed any more. */
    void release() {
        lanes.values().forEach(LaneHistory::release);
    }

    NodeMemory memory() {
        return memory;
    }

    /** All open tracks; for checks. */
    List<Track> tracks() {
        return lanes.values().stream().flatMap(lane -> lane.open().stream()).toList();
    }

    List<LedgerRow> rows() {
        List<LedgerRow> rows = new ArrayList<>();
        lanes.values().forEach(lane -> rows.addAll(lane.rows(origin)));
        if (retired.created() > 0) {
            rows.add(new LedgerRow(origin, "retired", Lane.NORMAL, retired));
        }
        return rows;
    }

    private static String key(String lineage, Lane lane) {
        return lineage + "/" + lane;
    }

    private LaneHistory lane(Stamp stamp) {
        String key = key(stamp.epoch().lineage(), stamp.lane());
        LaneHistory known = lanes.get(key);
        if (known != null) {
            return known;
        }
        LaneHistory made = new LaneHistory(stamp.epoch().lineage(), stamp.lane(), memory);
        lanes.put(key, made);
        if (lanes.size() > MAX_LANES) {
            Map.Entry<String, LaneHistory> eldest = lanes.entrySet().iterator().next();
            LaneHistory gone = eldest.getValue();
            lanes.remove(eldest.getKey());
            retired = retired.plus(gone.totals());
            gone.release();
        }
        return made;
    }

    Value.Obj save() {
        return Value.obj("customer", Value.text(origin.customer()), "site", Value.text(origin.site()))
                .with("identity", Value.text(origin.identity()))
                .with("node", Value.text(origin.nodeKey()))
                .with("retired", retired.document())
                .with(
                        "lanes",
                        new Value.Arr(lanes.values().stream()
                                .<Value>map(LaneHistory::save)
                                .toList()));
    }

    /** Whose saved state this is. */
    static Origin origin(Value.Obj saved) {
        return new Origin(
                saved.text("customer").orElse(""),
                saved.text("site").orElse(""),
                saved.text("identity").orElse(""),
                saved.text("node").orElse(""));
    }

    static NodeHistory load(Value.Obj saved, Limits limits, ForkBudget forks) {
        NodeHistory out = new NodeHistory(origin(saved), limits, forks);
        out.retired = Totals.of(saved.obj("retired").orElse(Value.obj()));
        for (Value item : saved.list("lanes")) {
            Value.Obj lane = (Value.Obj) item;
            LaneHistory history = LaneHistory.load(lane, out.memory);
            out.lanes.put(
                    key(
                            lane.text("lineage").orElseThrow(),
                            Lane.ofWire(lane.text("lane").orElseThrow())),
                    history);
        }
        return out;
    }
}
