package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One lineage and lane of a node: the epochs that are still open, and everything before them folded into one
 * low-water ordinal, so that its size does not grow with time. At most {@value #MAX_OPEN} epochs stay open.
 */
final class LaneHistory {
    private static final int MAX_OPEN = 16;
    /** Ends of folded epochs; a repeat of an older one would be taken for a clone. Twice what can wait at a time. */
    private static final int REMEMBERED = 2 * MAX_OPEN;

    private final String lineage;
    private final Lane lane;
    private final NodeMemory memory;
    private final List<Track> open = new ArrayList<>();
    private final Map<String, Long> closed = new LinkedHashMap<>();
    private Totals folded = Totals.NONE;
    private long lowWater;

    LaneHistory(String lineage, Lane lane, NodeMemory memory) {
        this.lineage = lineage;
        this.lane = lane;
        this.memory = memory;
    }

    /** The open epoch, if it is one. */
    Optional<Track> find(Epoch epoch) {
        return open.stream().filter(t -> t.epoch().equals(epoch)).findFirst();
    }

    /** Whether these numbers belong to an epoch that is done and folded. */
    boolean isClosed(Stamp stamp) {
        Long end = closed.get(stamp.epoch().wire());
        return end != null && stamp.through() <= end;
    }

    /** What a receipt may say of an epoch; empty when nothing. */
    Optional<Stand> stand(Epoch epoch) {
        Optional<Track> track = find(epoch);
        Optional<Stand> stand = track.isPresent()
                ? track.map(Track::stand)
                : Optional.ofNullable(closed.get(epoch.wire())).map(end -> new Stand(1, end));
        return stand.filter(s -> s.through() > 0 && s.since() <= s.through());
    }

    /** Every number of the epoch through this one is dealt with; 0 when nothing is known of it. */
    long through(Epoch epoch) {
        return find(epoch).map(Track::through).orElseGet(() -> closed.getOrDefault(epoch.wire(), 0L));
    }

    /** Whether the ordinal of this epoch was used by another one: a clone or a restored copy. */
    boolean contradicts(Epoch epoch) {
        if (closed.containsKey(epoch.wire())) {
            return true;
        }
        return epoch.ordinal() <= lowWater
                || open.stream()
                        .anyMatch(t -> t.epoch().ordinal() == epoch.ordinal()
                                && !t.epoch().equals(epoch));
    }

    /**
     * Whether the epoch is open, or may be: there is room, or an epoch can be folded that waits for nothing. One that
     * waits must stay, or what it waits for would look like a clone when it comes.
     */
    boolean admits(Stamp stamp) {
        return open.size() < MAX_OPEN
                || find(stamp.epoch()).isPresent()
                || open.stream().anyMatch(this::expectsNothing);
    }

    private boolean expectsNothing(Track track) {
        return track.complete()
                || !track.holds()
                        && track.totals().waiting() == 0
                        && open.stream().noneMatch(later -> later.follows(track.epoch(), track.through()));
    }

    /** The open epoch, opened when it is new. */
    Track open(Stamp stamp) {
        return open(stamp, null);
    }

    /** The same; where another must make room for it, that is not {@code kept}. */
    private Track open(Stamp stamp, @Nullable Track kept) {
        Optional<Track> there = find(stamp.epoch());
        if (there.isPresent()) {
            return there.get();
        }
        Long end = closed.remove(stamp.epoch().wire());
        Track track = end == null
                ? new Track(stamp.epoch(), lane, stamp.previous(), memory)
                : Track.goingOn(stamp, lane, end, memory);
        if (open.size() >= MAX_OPEN) {
            List<Track> others = open.stream().filter(t -> t != kept).toList();
            fold(others.stream().filter(this::expectsNothing).findFirst().orElseGet(others::getFirst));
        }
        open.add(track);
        open.sort(Comparator.comparingLong(t -> t.epoch().ordinal()));
        return track;
    }

    /** Whether the epoch before this one is complete, so that its own numbers may be stored. */
    boolean ready(Track track) {
        Stamp.EpochEnd previous = track.previous();
        if (previous == null || previous.last() < 1 || !track.nothingStored()) {
            return true;
        }
        if (previous.epoch().ordinal() <= lowWater) {
            return true;
        }
        return find(previous.epoch()).map(p -> p.through() >= previous.last()).orElse(false);
    }

    /** Whether nothing at all is known of what comes before: another store may hold it. */
    boolean beginsInTheMiddle(Track track) {
        Stamp.EpochEnd previous = track.previous();
        if (!track.nothingStored() || previous == null) {
            return track.nothingStored();
        }
        return find(previous.epoch()).map(Track::nothingStored).orElse(true);
    }

    /** Lets the track go on: gives up what is missing of the epoch before it, and folds that. */
    void begin(Track track) {
        Stamp.EpochEnd previous = track.previous();
        if (previous == null || previous.last() < 1 || !track.nothingStored()) {
            return;
        }
        Track before = find(previous.epoch()).orElse(null);
        if (before == null && previous.epoch().ordinal() > lowWater) {
            before = open(Stamp.message(previous.epoch(), null, lane, Math.max(1, previous.last())), track);
        }
        if (before != null) {
            before.endAt(previous.last());
            before.giveUpBefore(previous.last() + 1);
            foldIfDone(before);
        }
    }

    /** Folds an epoch whose end is known and whose numbers are all accounted for. */
    void foldIfDone(Track track) {
        if (track.complete() && !track.holds() && track.totals().unknown() == 0) {
            fold(track);
        }
    }

    /** Open epochs; for checks. */
    List<Track> open() {
        return List.copyOf(open);
    }

    /** Nothing of it is needed any more. */
    void release() {
        open.forEach(Track::release);
    }

    /** Open epochs that hold records which came too early. */
    List<Track> waiting() {
        return open.stream().filter(Track::holds).toList();
    }

    private void fold(Track track) {
        open.remove(track);
        folded = folded.plus(track.totals());
        lowWater = Math.max(lowWater, track.epoch().ordinal());
        if (track.totals().unknown() == 0) {
            // where something is missing it must not be taken for known when it comes after all
            closed.put(track.epoch().wire(), track.through());
        }
        track.release();
        if (closed.size() > REMEMBERED) {
            closed.remove(closed.keySet().iterator().next());
        }
    }

    Totals totals() {
        Totals sum = folded;
        for (Track track : open) {
            sum = sum.plus(track.totals());
        }
        return sum;
    }

    /** Rows of the ledger: one for all folded epochs, one for each open one. */
    List<LedgerRow> rows(Origin origin) {
        List<LedgerRow> rows = new ArrayList<>();
        if (lowWater > 0) {
            rows.add(new LedgerRow(origin, lineage + ".1-" + lowWater, lane, folded));
        }
        for (Track track : open) {
            rows.add(new LedgerRow(origin, track.epoch().wire(), lane, track.totals()));
        }
        return rows;
    }

    Value.Obj save() {
        Value.Obj ends = Value.obj();
        for (Map.Entry<String, Long> end : closed.entrySet()) {
            ends = ends.with(end.getKey(), Value.num(end.getValue()));
        }
        return Value.obj("lineage", Value.text(lineage), "lane", Value.text(lane.wireName()))
                .with("folded", folded.document())
                .with("low_water", Value.num(lowWater))
                .with("closed", ends)
                .with(
                        "open",
                        new Value.Arr(open.stream().<Value>map(Track::save).toList()));
    }

    static LaneHistory load(Value.Obj saved, NodeMemory memory) {
        LaneHistory out = new LaneHistory(
                saved.text("lineage").orElseThrow(),
                Lane.ofWire(saved.text("lane").orElseThrow()),
                memory);
        out.folded = Totals.of(saved.obj("folded").orElse(Value.obj()));
        out.lowWater = saved.whole("low_water").orElse(0L);
        Value.Obj ends = saved.obj("closed").orElse(Value.obj());
        ends.fields().keySet().forEach(k -> out.closed.put(k, ends.whole(k).orElse(0L)));
        saved.list("open").forEach(t -> out.open.add(Track.load((Value.Obj) t, memory)));
        return out;
    }
}
