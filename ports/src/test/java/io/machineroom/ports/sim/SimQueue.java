package io.machineroom.ports.sim;

import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/** A simulated durable consumer: what is under way, until when, and what is settled. */
final class SimQueue {
    private final NavigableMap<Long, Message> held;
    private final boolean removesSettled;
    private final Duration ackWait;
    private final Map<Long, Long> underWay = new HashMap<>();
    private final Set<Long> settled = new HashSet<>();

    SimQueue(NavigableMap<Long, Message> held, boolean removesSettled, Duration ackWait) {
        this.held = held;
        this.removesSettled = removesSettled;
        this.ackWait = ackWait;
    }

    /** Whether there is anything to hand out at that time. */
    boolean ready(long ticks) {
        return held.keySet().stream().anyMatch(n -> free(n, ticks));
    }

    private boolean free(long sequence, long ticks) {
        Long until = underWay.get(sequence);
        return !settled.contains(sequence) && (until == null || until <= ticks);
    }

    List<Intake.Arrival> take(int max, long ticks) {
        List<Intake.Arrival> out = new ArrayList<>();
        for (Map.Entry<Long, Message> entry : held.entrySet()) {
            long sequence = entry.getKey();
            if (out.size() < max && free(sequence, ticks)) {
                underWay.put(sequence, ticks + ackWait.toNanos());
                out.add(new Intake.Arrival(entry.getValue(), sequence, Long.toString(sequence)));
            }
        }
        return out;
    }

    void settle(long sequence) {
        underWay.remove(sequence);
        if (removesSettled) {
            held.remove(sequence);
        } else {
            settled.add(sequence);
        }
    }

    void release(long sequence) {
        underWay.remove(sequence);
    }
}
