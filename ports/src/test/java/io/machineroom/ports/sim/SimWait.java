package io.machineroom.ports.sim;

import org.jspecify.annotations.Nullable;

/** One wait of one task. */
final class SimWait implements Comparable<SimWait> {
    /** How a wait ended. */
    enum Outcome {
        READY,
        TIMED_OUT,
        INTERRUPTED
    }

    private final SimTask task;
    private final String what;
    private final long deadline;
    private final long order;
    private @Nullable Outcome outcome;

    SimWait(SimTask task, String what, long deadline, long order) {
        this.task = task;
        this.what = what;
        this.deadline = deadline;
        this.order = order;
    }

    SimTask task() {
        return task;
    }

    /** Virtual nanoseconds; {@link Long#MAX_VALUE} for ever. */
    long deadline() {
        return deadline;
    }

    @Nullable Outcome outcome() {
        return outcome;
    }

    void end(Outcome with) {
        outcome = with;
    }

    @Override
    public int compareTo(SimWait other) {
        int byTime = Long.compare(deadline, other.deadline);
        return byTime != 0 ? byTime : Long.compare(order, other.order);
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(order);
    }

    @Override
    public String toString() {
        return deadline == Long.MAX_VALUE ? what : what + " until " + deadline / 1_000_000 + " ms";
    }
}
