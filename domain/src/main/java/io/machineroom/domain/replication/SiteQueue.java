package io.machineroom.domain.replication;

import io.machineroom.ports.stream.Intake;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One of a site's streams as it is emptied: what was taken out of it, what has to wait, and how often it was tried. One task. */
final class SiteQueue {
    private static final long AGAIN_NANOS = 1_000_000_000L;
    /** How often a record is tried that fails while others go. */
    private static final int TRIES = 5;

    private static final int MOST_TRIED = 16_000;

    private final Intake intake;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    /** What was taken out and is neither settled nor given back. */
    private final Map<Long, Intake.Arrival> open = new LinkedHashMap<>();

    private final Map<Long, Integer> tries = new LinkedHashMap<>();

    private record Waiting(Intake.Arrival arrival, long due) {}

    SiteQueue(Intake intake) {
        this.intake = intake;
    }

    /** As {@link Intake#read}. */
    List<Intake.Arrival> read(int most, Duration wait) throws InterruptedException {
        List<Intake.Arrival> read = intake.read(most, wait);
        read.forEach(arrival -> open.put(arrival.sequence(), arrival));
        return read;
    }

    /** These are dealt with. */
    void settle(List<Intake.Arrival> arrivals) throws InterruptedException {
        arrivals.forEach(arrival -> tries.remove(arrival.sequence()));
        intake.settle(arrivals);
        forget(arrivals);
    }

    /** These come again. */
    void release(List<Intake.Arrival> arrivals) throws InterruptedException {
        intake.release(arrivals);
        forget(arrivals);
    }

    private void forget(List<Intake.Arrival> arrivals) {
        arrivals.forEach(arrival -> open.remove(arrival.sequence()));
    }

    /** This one comes again in a second. */
    void later(Intake.Arrival arrival, long ticks) {
        waiting.add(new Waiting(arrival, ticks + AGAIN_NANOS));
    }

    /** What waited its second is handed out again. */
    void giveBack(long ticks) throws InterruptedException {
        List<Intake.Arrival> due = new ArrayList<>();
        while (!waiting.isEmpty() && waiting.peek().due() <= ticks) {
            due.add(waiting.remove().arrival());
        }
        release(due);
    }

    /** Lets go of all that was taken out: what waits, what is on the way, and what somebody was just looking at. */
    void releaseAll() throws InterruptedException {
        waiting.clear();
        release(List.copyOf(open.values()));
    }

    /** Counts one more vain try; whether it was the last. */
    boolean triedOut(Intake.Arrival arrival) {
        if (tries.size() > MOST_TRIED) {
            tries.clear(); // everything is given some tries more
        }
        return tries.merge(arrival.sequence(), 1, Integer::sum) >= TRIES;
    }
}
