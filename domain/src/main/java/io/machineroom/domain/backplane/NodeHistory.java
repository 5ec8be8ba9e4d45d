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
    private static final int MAX_LANES = 64;

    private final Limits limits;
    private final Map<String, LaneHistory> lanes = new LinkedHashMap<>(16, 0.75f, true);
    private Origin origin;
    private Totals retired = Totals.NONE;
    private int heldRecords;
    private long heldBytes;

    NodeHistory(Origin origin, Limits limits) {
        this.origin = origin;
        this.limits = limits;
    }

    /**
     * Bounds of one node.
     *
     * @param heldRecords records kept while numbers before them are missing
     * @param heldBytes bytes of those
     * @param gapNanos how long a missing number is waited for
     * @param strangerNanos the same when nothing is known of what comes before
     */
    record Limits(int heldRecords, long heldBytes, long gapNanos, long strangerNanos) {
        static Limits defaults() {
            return new Limits(4096, 4 << 20, 600_000_000_000L, 60_000_000_000L);
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
        return hold && hold(track, arrived) ? Taken.HELD : Taken.AHEAD;
    }

    private boolean overdue(LaneHistory lane, Track track, long now) {
        long patience = lane.beginsInTheMiddle(track) ? limits.strangerNanos() : limits.gapNanos();
        return now - track.waitedFrom(now) >= patience;
    }

    /** Keeps it if there is room; false when there is not, or when it is kept already. */
    private boolean hold(Track track, Arrived arrived) {
        if (heldRecords >= limits.heldRecords() || heldBytes + arrived.weight() > limits.heldBytes()) {
            return false;
        }
        int before = track.heldRecords();
        track.hold(arrived);
        int more = track.heldRecords() - before;
        heldRecords += more;
        heldBytes += (long) more * arrived.weight();
        return more > 0;
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
                    heldRecords--;
                    heldBytes -= arrived.weight();
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
        if (heldRecords == 0) {
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

    /** How far an epoch and lane is stored; empty when nothing of it is. */
    Optional<Long> through(Stamp stamp) {
        LaneHistory lane = lane(stamp);
        Optional<Long> open = lane.find(stamp.epoch()).map(Track::through);
        return (open.isPresent() ? open : lane.closedEnd(stamp.epoch())).filter(n -> n > 0);
    }

    List<LedgerRow> rows() {
        List<LedgerRow> rows = new ArrayList<>();
        lanes.values().forEach(lane -> rows.addAll(lane.rows(origin)));
        if (retired.created() > 0) {
            rows.add(new LedgerRow(origin, "retired", Lane.NORMAL, retired));
        }
        return rows;
    }

    private LaneHistory lane(Stamp stamp) {
        String key = stamp.epoch().lineage() + "/" + stamp.lane();
        LaneHistory known = lanes.get(key);
        if (known != null) {
            return known;
        }
        LaneHistory made = new LaneHistory(stamp.epoch().lineage(), stamp.lane());
        lanes.put(key, made);
        if (lanes.size() > MAX_LANES) {
            Map.Entry<String, LaneHistory> eldest = lanes.entrySet().iterator().next();
            LaneHistory gone = eldest.getValue();
            lanes.remove(eldest.getKey());
            retired = retired.plus(gone.totals());
            heldRecords -= gone.waiting().stream().mapToInt(Track::heldRecords).sum();
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

    static NodeHistory load(Value.Obj saved, Limits limits) {
        Origin origin = new Origin(
                saved.text("customer").orElse(""),
                saved.text("site").orElse(""),
                saved.text("identity").orElse(""),
                saved.text("node").orElse(""));
        NodeHistory out = new NodeHistory(origin, limits);
        out.retired = Totals.of(saved.obj("retired").orElse(Value.obj()));
        for (Value item : saved.list("lanes")) {
            Value.Obj lane = (Value.Obj) item;
            LaneHistory history = LaneHistory.load(lane);
            out.lanes.put(
                    lane.text("lineage").orElseThrow()
                            + "/"
                            + Lane.ofWire(lane.text("lane").orElseThrow()),
                    history);
        }
        return out;
    }
}
