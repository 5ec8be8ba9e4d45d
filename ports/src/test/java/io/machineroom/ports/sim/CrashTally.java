package io.machineroom.ports.sim;

import java.util.ArrayList;
import java.util.List;

/** How many power cuts there were, each leaving another disk, and how long the stores took to open behind them. Any thread. */
public final class CrashTally {
    private static final long MOST_NANOS = 2_000_000_000L;

    private final String name;
    private final long seed;
    private final List<Long> nanos = new ArrayList<>();
    private int cuts;
    private int again;

    public CrashTally(String name, long seed) {
        this.name = name;
        this.seed = seed;
    }

    /** Counts a cut. */
    public synchronized void cut() {
        cuts++;
    }

    /** Counts a cut in the recovery from another one. */
    public synchronized void again() {
        again++;
    }

    /** Notes how long an opening took. */
    public synchronized void took(long nanoseconds) {
        nanos.add(nanoseconds);
    }

    CrashTally print() {
        System.out.println(this + ", seed " + seed);
        return this;
    }

    /** Fails when there were fewer cuts, or half of the openings took two seconds; a single cut that is repeated may be. */
    public synchronized void atLeast(int wanted) {
        if (System.getProperty("machineroom.cut", "").isEmpty() && cuts + again < wanted) {
            throw new AssertionError(this + "; at least " + wanted + " were wanted");
        }
        if (part(0.5) >= MOST_NANOS) {
            throw new AssertionError(this + "; recovery shall take less than two seconds");
        }
    }

    private synchronized long part(double share) {
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.isEmpty() ? 0 : sorted.get((int) Math.min(sorted.size() - 1L, Math.round(sorted.size() * share)));
    }

    @Override
    public synchronized String toString() {
        return String.format(
                "%s: %d power cuts and %d in recoveries; recovered in %.1f ms, at most %.1f ms",
                name, cuts, again, part(0.5) / 1e6, part(1) / 1e6);
    }
}
