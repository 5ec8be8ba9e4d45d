package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A simulated durable consumer: what is under way, until when, and what is settled. */
final class SimQueue {
    private final NavigableMap<Long, Message> held;
    private final Map<Long, String> ids;
    private final boolean removesSettled;
    private final Manner manner;
    private final Map<Long, Long> underWay = new HashMap<>();
    private final Set<Long> settled = new HashSet<>();
    private final TreeMap<Long, Settled> gone = new TreeMap<>();

    /** How a server hands out, as of now. */
    interface Manner {
        /** After which time what was read and not settled comes again. */
        Duration ackWait();

        /** What the order is drawn from; null for that of the stream. */
        @Nullable Entropy shuffle();
    }

    private record Settled(@Nullable Message message, long ticks) {}

    SimQueue(NavigableMap<Long, Message> held, Map<Long, String> ids, boolean removesSettled, Manner manner) {
        this.held = held;
        this.ids = ids;
        this.removesSettled = removesSettled;
        this.manner = manner;
    }

    /** Whether there is anything to hand out at that time. */
    boolean ready(long ticks) {
        for (Long sequence : held.keySet()) {
            if (free(sequence, ticks)) {
                return true;
            }
        }
        return false;
    }

    /** When the next of those under way can be handed out again. */
    long nextDue(long ticks) {
        long due = Long.MAX_VALUE;
        for (Map.Entry<Long, Long> entry : underWay.entrySet()) {
            if (held.containsKey(entry.getKey()) && entry.getValue() > ticks) {
                due = Math.min(due, entry.getValue());
            }
        }
        return due;
    }

    private boolean free(long sequence, long ticks) {
        Long until = underWay.get(sequence);
        return !settled.contains(sequence) && (until == null || until <= ticks);
    }

    List<Intake.Arrival> take(int max, long ticks) {
        List<Intake.Arrival> out = new ArrayList<>();
        for (Map.Entry<Long, Message> entry : order(held)) {
            long sequence = entry.getKey();
            if (out.size() < max && free(sequence, ticks)) {
                underWay.put(sequence, ticks + manner.ackWait().toNanos());
                out.add(new Intake.Arrival(
                        entry.getValue(), sequence, Long.toString(sequence), ids.getOrDefault(sequence, "")));
            }
        }
        return out;
    }

    private Collection<Map.Entry<Long, Message>> order(NavigableMap<Long, Message> messages) {
        Entropy chance = manner.shuffle();
        if (chance == null) {
            return messages.entrySet();
        }
        List<Map.Entry<Long, Message>> all = new ArrayList<>(messages.entrySet());
        for (int i = all.size() - 1; i > 0; i--) {
            Collections.swap(all, i, (int) chance.below(i + 1L));
        }
        return all;
    }

    /** What was settled since is there again, and nothing is under way. */
    void forget(long since) {
        gone.values().removeIf(settling -> settling.ticks() < since);
        gone.forEach((sequence, settling) -> {
            if (settling.message() != null) {
                held.put(sequence, settling.message());
            }
            settled.remove(sequence);
        });
        gone.clear();
        underWay.clear();
    }

    void settle(long sequence, long ticks) {
        underWay.remove(sequence);
        gone.values().removeIf(settling -> ticks - settling.ticks() > SimStream.KEPT_NANOS);
        gone.putIfAbsent(sequence, new Settled(removesSettled ? held.get(sequence) : null, ticks));
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
