package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.TimeSource;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Cuts the power at every step of a story: the story runs once on a recorded disk, then for each step and for subsets of
 * what was not synced there the disk is made as the cut leaves it, and the store is opened on it. It must be in the state
 * that was acknowledged last or in one begun since; each few cuts the power fails again at every step of the recovery.
 * Cuts that leave the same disk count once.
 *
 * <p>{@code -Dmachineroom.seed=S -Dmachineroom.cut=name:N} repeats one cut.
 */
public final class CrashPoints {
    private static final int AGAIN_EACH = 5;

    private final String name;
    private final SimDisk disk;
    private final TimeSource time;
    private final int drawn;
    private final long seed = Long.getLong("machineroom.seed", 1L);
    private final String only = System.getProperty("machineroom.cut", "");
    private final List<String> states = new ArrayList<>();
    private final List<Point> points = new ArrayList<>();
    private final Set<String> seen = new HashSet<>();
    private final CrashTally tally;
    private int accepted;
    private int number;

    /** Part of a story. */
    public interface Change {
        /** Returns when it is durable. */
        void make() throws Exception;
    }

    /** Opens what was on the disk. */
    public interface Probe {
        /** Its state, in the words of the story; throws when it is none of them, as a mix of two. */
        String state(SimDisk after) throws Exception;
    }

    private record Point(SimMoment moment, String where, List<String> allowed) {}

    /**
     * For a story on that disk.
     *
     * @param name what is printed, and asked for when a cut is repeated
     * @param drawn subsets that are drawn at each step, besides the telling ones
     */
    public CrashPoints(String name, SimDisk disk, TimeSource time, int drawn) {
        this.name = name;
        this.disk = disk;
        this.time = time;
        this.drawn = drawn;
        tally = new CrashTally(name, seed);
    }

    /** Takes the disk as it is for the first state, and begins to record. */
    public CrashPoints begins(String state) {
        states.add(state);
        disk.record().beforeEachStep(step -> point("before " + step));
        return this;
    }

    /** Changes to another state, acknowledged when this returns. */
    public CrashPoints change(String state, Change change) throws Exception {
        states.add(state);
        change.make();
        accepted = states.size() - 1;
        point("after the change to " + state);
        return this;
    }

    private void point(String where) {
        points.add(new Point(disk.moment(), where, List.copyOf(states.subList(accepted, states.size()))));
    }

    /** Cuts at every step; an error of the first cut that is not survived names it. */
    public CrashTally cut(Probe probe) {
        disk.beforeEachStep(step -> {});
        SplittableRandom random = new SplittableRandom(seed);
        for (Point point : points) {
            for (BitSet kept : CrashSubsets.of(point.moment().pending(), drawn, random)) {
                number++;
                if (only.isEmpty() || only.equals(name + ":" + number)) {
                    cut(point, kept, probe);
                }
            }
        }
        return tally.print();
    }

    private void cut(Point point, BitSet kept, Probe probe) {
        SimDisk after = point.moment().cut(time, number, kept);
        if (!seen.add(point.allowed() + after.root().print())) {
            return;
        }
        List<Point> again = new ArrayList<>();
        if (number % AGAIN_EACH == 0 || !only.isEmpty()) {
            after.record()
                    .beforeEachStep(step -> again.add(new Point(
                            after.moment(), point.where() + ", then in recovery before " + step, point.allowed())));
        }
        look(point, kept, after, probe);
        tally.cut();
        after.beforeEachStep(step -> {});
        for (Point second : again) {
            for (BitSet some : CrashSubsets.few(second.moment().pending())) {
                SimDisk twice = second.moment().cut(time, number, some);
                if (seen.add(point.allowed() + twice.root().print())) {
                    look(second, some, twice, probe);
                    tally.again();
                }
            }
        }
    }

    private void look(Point point, BitSet kept, SimDisk after, Probe probe) {
        long begin = System.nanoTime();
        String found;
        try {
            found = probe.state(after);
        } catch (Exception | AssertionError e) {
            throw new AssertionError(what(point, kept) + " does not open: " + e, e);
        }
        tally.took(System.nanoTime() - begin);
        if (!point.allowed().contains(found)) {
            throw new AssertionError(what(point, kept) + " is " + found + ", not one of " + point.allowed());
        }
    }

    private String what(Point point, BitSet kept) {
        return "cut " + number + " of " + name + ", " + point.where() + ", keeping "
                + point.moment().describe(kept) + " (repeat with -Dmachineroom.seed=" + seed + " -Dmachineroom.cut="
                + name + ":" + number + ")";
    }
}
