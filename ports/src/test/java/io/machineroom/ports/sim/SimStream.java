package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One simulated stream: what it holds, and which ids it remembers. */
final class SimStream {
    /** Answer to a publication. */
    record Ack(String stream, long sequence, boolean duplicate) {}

    private record Known(long sequence, long ticks) {}

    /** How far back {@link #forget} can go. */
    static final long KEPT_NANOS = 600_000_000_000L;

    private final TreeMap<Long, Message> held = new TreeMap<>();
    private final TreeMap<Long, Long> arrived = new TreeMap<>();
    private final Map<Long, String> ids = new java.util.HashMap<>();
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Map<String, SimQueue> queues = new LinkedHashMap<>();
    private StreamSpec spec;
    private long last;
    private long count;

    SimStream(StreamSpec spec) {
        this.spec = spec;
    }

    void become(StreamSpec wanted) {
        if (wanted.retention() != spec.retention()) {
            throw new PortException.Refused(
                    "stream.config", "stream '" + spec.name() + "' cannot change its retention");
        }
        spec = wanted;
    }

    /** Messages that it ever took, less what was forgotten: what a server would number its newest with. */
    long newest() {
        return count;
    }

    boolean takes(Subject subject) {
        return spec.subjects().stream().anyMatch(p -> p.matches(subject));
    }

    Ack add(Message message, String messageId, long ticks, Duration window) {
        expire(known.values(), k -> ticks - k.ticks() > window.toNanos());
        expire(arrived.values(), t -> ticks - t > KEPT_NANOS);
        Known before = messageId.isEmpty() ? null : known.get(messageId);
        if (before != null) {
            return new Ack(spec.name(), before.sequence(), true);
        }
        makeRoom(message);
        last++;
        count++;
        held.put(last, message);
        arrived.put(last, ticks);
        if (!messageId.isEmpty()) {
            known.put(messageId, new Known(last, ticks));
            ids.put(last, messageId);
        }
        return new Ack(spec.name(), last, false);
    }

    /** Removes the oldest, which come first. */
    private static <T> void expire(Collection<T> entries, Predicate<T> old) {
        Iterator<T> eldest = entries.iterator();
        while (eldest.hasNext() && old.test(eldest.next())) {
            eldest.remove();
        }
    }

    private void makeRoom(Message message) {
        if (spec.maxMessagesPerSubject() > 0) {
            while (held.values().stream()
                            .filter(m -> m.subject().equals(message.subject()))
                            .count()
                    >= spec.maxMessagesPerSubject()) {
                held.entrySet().stream()
                        .filter(e -> e.getValue().subject().equals(message.subject()))
                        .findFirst()
                        .ifPresent(e -> held.remove(e.getKey()));
            }
        }
        while (spec.maxBytes() > 0 && bytes() + size(message) > spec.maxBytes()) {
            if (spec.discard() == StreamSpec.Discard.NEW || held.isEmpty()) {
                throw new PortException.Unavailable("sink.full", "stream '" + spec.name() + "' is full");
            }
            held.pollFirstEntry();
        }
    }

    private long bytes() {
        return held.values().stream().mapToLong(SimStream::size).sum();
    }

    private static long size(Message message) {
        return message.size() + message.subject().text().length() + 100L;
    }

    /** Back to what was there at that time. */
    void forget(long since) {
        queues.values().forEach(queue -> queue.forget(since));
        arrived.entrySet().stream()
                .filter(e -> e.getValue() >= since)
                .map(Map.Entry::getKey)
                .forEach(sequence -> {
                    held.remove(sequence);
                    count--;
                });
        arrived.values().removeIf(ticks -> ticks >= since);
        known.values().removeIf(k -> k.ticks() >= since);
    }

    /** When the oldest that is held came, in ticks. */
    OptionalLong oldest() {
        return held.isEmpty() ? OptionalLong.empty() : OptionalLong.of(arrived.getOrDefault(held.firstKey(), 0L));
    }

    Map<Long, Message> held() {
        return held;
    }

    SimQueue queue(String name, SimQueue.Manner manner) {
        return queues.computeIfAbsent(
                name, _ -> new SimQueue(held, ids, spec.retention() != StreamSpec.Retention.LIMITS, manner));
    }
}
