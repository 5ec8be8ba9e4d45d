package io.machineroom.domain.flow;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was handed to the next hop since the pump last went back, and how much of that may be let go. A receipt counts for
 * these numbers only: a clone of this node has the same numbers and hears the same receipts, and what it sent says nothing of
 * what is still here. At most {@value #MAX_RUNS} epochs and lanes. One task.
 */
final class Handed {
    private static final int MAX_RUNS = 64;

    private final Map<Run, Progress> runs = new LinkedHashMap<>();

    /** One epoch of one lane. */
    record Run(Epoch epoch, Lane lane) {
        static Run of(Stamp stamp) {
            return new Run(stamp.epoch(), stamp.lane());
        }
    }

    /** Numbers of a run; 0 where there is none. */
    private static final class Progress {
        /** First handed over without a receipt. */
        private long lowest;

        private long highest;
        private long acknowledged;
        private long receipted;
        private long done;
    }

    /** What a receipt is worth here. */
    enum Worth {
        /** It speaks of what was handed over. */
        SOME,
        /** It says nothing that is not done, or was not handed over since the pump went back: it will come again. */
        NONE,
        /** What the store misses may still lie here. */
        GAP
    }

    /** These, of one run and in order, are with the next hop now. */
    void begun(List<Delivery> batch) {
        Progress run = run(Run.of(batch.getFirst().stamp()));
        if (run.lowest == 0) {
            run.lowest = batch.getFirst().stamp().from();
        }
        run.highest = Math.max(run.highest, batch.getLast().stamp().through());
    }

    /** The next hop has all of the run up to this one. */
    void acknowledged(Stamp last) {
        Progress run = run(Run.of(last));
        run.acknowledged = Math.max(run.acknowledged, last.through());
    }

    /** The store says that it has all from {@code since} through {@code through}. */
    Worth receipted(Run of, long since, long through) {
        Progress run = run(of);
        if (run.lowest == 0 || through < run.lowest) {
            return Worth.NONE;
        }
        if (since > run.lowest) {
            return Worth.GAP;
        }
        run.receipted = Math.max(run.receipted, Math.min(through, run.highest));
        return Worth.SOME;
    }

    /** Last number of the run that may be let go: acknowledged, and receipted. */
    long free(Run of) {
        Progress run = run(of);
        return Math.min(run.acknowledged, run.receipted);
    }

    /** All through this number is let go; how many numbers that is more than before. */
    long done(Run of, long through) {
        Progress run = run(of);
        long moved = through - Math.max(run.done, run.lowest - 1);
        run.done = through;
        run.lowest = run.highest > through ? through + 1 : 0;
        return moved;
    }

    /** The pump goes back: what was acknowledged may be lost, for that is why one goes back. */
    void forget() {
        for (Progress run : runs.values()) {
            run.lowest = 0;
            run.highest = 0;
            run.acknowledged = 0;
            run.receipted = 0;
        }
    }

    private Progress run(Run of) {
        Progress known = runs.remove(of);
        Progress run = known == null ? new Progress() : known;
        runs.put(of, run);
        if (runs.size() > MAX_RUNS) {
            runs.remove(runs.keySet().iterator().next());
        }
        return run;
    }
}
