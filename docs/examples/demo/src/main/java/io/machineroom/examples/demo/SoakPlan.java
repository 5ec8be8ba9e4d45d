package io.machineroom.examples.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a soak does.
 *
 * @param seed of the dice: who is killed when
 * @param length how long processes are killed
 * @param shortest pause between two kills, at least
 * @param longest pause between two kills, below
 * @param age how far the broker is put back in time at each roll-back
 * @param submitters machines' watchers that submit, on each node
 * @param beat events of each submitter every quarter of a second
 */
record SoakPlan(
        long seed, Duration length, Duration shortest, Duration longest, Duration age, int submitters, int beat) {
    /** What a run may make at most: the books of more do not fit into memory, nor into the event log for ever. */
    private static final long MOST_EVENTS = 1_500_000;

    private static final int SUBMITTERS = 2;
    private static final int MOST_OF_A_BEAT = 15;
    private static final Duration TAIL = Duration.ofSeconds(15);

    /** As {@code bin/soak} does it: a kill every 1 to 5 s, and fewer events a second when it is to be very long. */
    static SoakPlan of(long seed, Duration length, Duration age, int nodes) {
        long beats = Math.max(1, length.toSeconds() * 4 * nodes * SUBMITTERS);
        int beat = Math.clamp(MOST_EVENTS / beats, 1, MOST_OF_A_BEAT);
        return new SoakPlan(seed, length, Duration.ofSeconds(1), Duration.ofSeconds(5), age, SUBMITTERS, beat);
    }

    /** When the broker is put back, counted from the start: soon after there is a copy of that age, then every 1.5 ages. */
    List<Duration> rollBacks() {
        List<Duration> out = new ArrayList<>();
        Duration last = length.minus(TAIL);
        for (Duration at = age.plus(age.dividedBy(4));
                at.compareTo(last) < 0;
                at = at.plus(age.multipliedBy(3).dividedBy(2))) {
            out.add(at);
        }
        return List.copyOf(out);
    }
}
