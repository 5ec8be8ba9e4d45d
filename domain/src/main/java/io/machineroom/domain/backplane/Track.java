package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One epoch and lane of one node: how far it is stored, and what waits for missing numbers. Belongs to the
 * task of its partition.
 */
final class Track {
    /** Different events that may wait at one number; more are clones of clones and come again. */
    private static final int MAX_AT_ONE_NUMBER = 8;

    private final Epoch epoch;
    private final Lane lane;
    private final Stamp.@Nullable EpochEnd previous;
    private final Map<String, Long> voids = new TreeMap<>();
    private final TreeMap<Long, List<Arrived>> pending = new TreeMap<>();
    private final NodeMemory memory;
    private Ranges unknown = new Ranges();
    private IdWindow ids;
    private long folded;
    private long through;
    private long highest;
    private long end;
    private long events;
    private long forks;
    private long waitingSince = -1;

    Track(Epoch epoch, Lane lane, Stamp.@Nullable EpochEnd previous, NodeMemory memory) {
        this.epoch = epoch;
        this.lane = lane;
        this.previous = previous;
        this.memory = memory;
        this.ids = new IdWindow(memory);
    }

    /**
     * An epoch that was folded and goes on after all, behind its end: what a node writes on whose clone began the next
     * one. All up to the end came and is counted in the fold; its ids are forgotten, so it counts as known.
     */
    static Track goingOn(Stamp stamp, Lane lane, long end, NodeMemory memory) {
        Track out = new Track(stamp.epoch(), lane, stamp.previous(), memory);
        out.folded = end;
        out.through = end;
        out.highest = end;
        out.ids = IdWindow.behind(end, memory);
        return out;
    }

    Epoch epoch() {
        return epoch;
    }

    Lane lane() {
        return lane;
    }

    Stamp.@Nullable EpochEnd previous() {
        return previous;
    }

    /** Whether its node says that the other epoch, which comes right before, goes on behind a number. */
    boolean follows(Epoch other, long number) {
        return previous != null && previous.epoch().equals(other) && previous.last() > number;
    }

    /** Every number through this one is stored, void or given up. */
    long through() {
        return through;
    }

    /** Last number of the epoch once a later one told it; 0 while unknown. */
    long end() {
        return end;
    }

    /** A later epoch said where this one ended; a smaller number than known here comes from a restored copy. */
    void endAt(long last) {
        end = Math.max(last, through);
        highest = Math.max(highest, end);
    }

    boolean complete() {
        return end > 0 && through >= end;
    }

    boolean isNext(Stamp stamp) {
        return stamp.from() <= through + 1 && stamp.through() > through;
    }

    /** Whether these numbers are dealt with and bring nothing new. */
    boolean isKnown(Stamp stamp, String id) {
        if (stamp.through() > through) {
            return false;
        }
        return stamp.isVoid()
                ? !unknown.touches(stamp.from(), stamp.through())
                : !unknown.contains(stamp.from()) && !unknown.doubts(stamp.from()) && ids.knows(stamp.from(), id);
    }

    /** Whether a message stands on a number that another event already holds. */
    boolean isFork(Stamp stamp, String id) {
        return !stamp.isVoid()
                && stamp.from() <= through
                && !unknown.contains(stamp.from())
                && !ids.knows(stamp.from(), id);
    }

    /** Counts a stored record in; numbers that were jumped over become unknown. */
    void take(Stamp stamp, String id) {
        if (stamp.isVoid()) {
            takeVoid(stamp);
        } else {
            takeEvent(stamp.from(), id);
        }
        highest = Math.max(highest, through);
        waitingSince = -1;
    }

    private void takeVoid(Stamp stamp) {
        long gained = unknown.remove(stamp.from(), Math.min(stamp.through(), through));
        if (stamp.through() > through) {
            giveUpBefore(stamp.from());
            gained += stamp.through() - through;
            through = stamp.through();
        }
        if (gained > 0) {
            ids.putVoid(stamp.from(), stamp.through());
            voids.merge(stamp.cause().orElse("unknown"), gained, Long::sum);
        }
    }

    private void takeEvent(long number, String id) {
        if (number > through) {
            giveUpBefore(number);
            through = number;
        } else if (unknown.remove(number, number) == 0) {
            late(number, id);
            return;
        }
        events++;
        ids.put(number, id);
    }

    /** An event at a number that is dealt with: of another node, or one whose absence was counted and forgotten. */
    private void late(long number, String id) {
        if (!ids.knows(number, id)) {
            forks++;
            ids.fork(number, id);
        } else if (unknown.doubts(number)) {
            unknown.resolve();
            events++;
        }
    }

    /** Gives up what is missing before this number. */
    void giveUpBefore(long number) {
        if (number > through + 1) {
            unknown.add(through + 1, number - 1);
            through = number - 1;
            highest = Math.max(highest, through);
        }
    }

    /** Keeps what came too early, if there is room; false when it is not kept, or was before. */
    boolean hold(Arrived arrived) {
        List<Arrived> same = pending.getOrDefault(arrived.stamp().from(), List.of());
        if (!memory.hasRoomFor(arrived) || same.size() >= MAX_AT_ONE_NUMBER) {
            return false;
        }
        if (same.stream()
                .anyMatch(a -> a.message().id().equals(arrived.message().id()))) {
            return false;
        }
        pending.computeIfAbsent(arrived.stamp().from(), n -> new ArrayList<>(1)).add(arrived);
        memory.held(arrived);
        return true;
    }

    /** Notes that the number exists although it cannot be stored yet. */
    void sawAhead(Stamp stamp) {
        highest = Math.max(highest, stamp.through());
    }

    /** The first held records, when their turn has come. */
    List<Arrived> pollReady() {
        Map.Entry<Long, List<Arrived>> first = pending.firstEntry();
        if (first == null || first.getKey() > through + 1) {
            return List.of();
        }
        pending.pollFirstEntry();
        first.getValue().forEach(memory::letGo);
        return first.getValue();
    }

    boolean holds() {
        return !pending.isEmpty();
    }

    /** First number that is held; only while {@link #holds}. */
    long firstHeld() {
        return pending.firstKey();
    }

    /** What is held here; for checks. */
    List<Arrived> held() {
        return pending.values().stream().flatMap(List::stream).toList();
    }

    int forkIds() {
        return ids.forks();
    }

    /** Lets go of all that it keeps beside its marks: what was held comes again. */
    void release() {
        held().forEach(memory::letGo);
        pending.clear();
        ids.release();
    }

    /** What a receipt may say; {@code since} is behind {@code through} while nothing may be said. */
    Stand stand() {
        return new Stand(unknown.highest() + 1, through);
    }

    /** Monotonic nanoseconds since which something waits here, begun now when it did not. */
    long waitedFrom(long now) {
        if (waitingSince < 0) {
            waitingSince = now;
        }
        return waitingSince;
    }

    boolean nothingStored() {
        return through == 0;
    }

    Totals totals() {
        return new Totals(highest - folded, events, voids, unknown.size(), forks);
    }

    Value.Obj save() {
        Value.Obj out = totals().document()
                .with("epoch", Value.text(epoch.wire()))
                .with("lane", Value.text(lane.wireName()))
                .with("folded", Value.num(folded))
                .with("through", Value.num(through))
                .with("end", Value.num(end))
                .with("missing", unknown.save())
                .with("window", ids.save());
        return previous == null ? out : out.with("previous", Value.text(previous.wire()));
    }

    static Track load(Value.Obj saved, NodeMemory memory) {
        Stamp.EpochEnd previous =
                saved.text("previous").map(Stamp.EpochEnd::ofWire).orElse(null);
        Track out = new Track(
                Epoch.ofWire(saved.text("epoch").orElseThrow()),
                Lane.ofWire(saved.text("lane").orElseThrow()),
                previous,
                memory);
        Totals totals = Totals.of(saved);
        out.voids.putAll(totals.voids());
        out.unknown = Ranges.load(saved.obj("missing").orElse(Value.obj()));
        out.ids = IdWindow.load(saved.obj("window").orElse(Value.obj()), memory);
        out.folded = saved.whole("folded").orElse(0L);
        out.through = saved.whole("through").orElse(0L);
        out.end = saved.whole("end").orElse(0L);
        out.highest = Math.max(out.through, out.end);
        out.events = totals.stored();
        out.forks = totals.forks();
        return out;
    }
}
