package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.StreamFacts;
import io.machineroom.ports.replica.StreamReader.Read;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One stream of a simulated NATS of others, with its consumers. */
final class SimForeignStream {
    private static final long WINDOW = Duration.ofMinutes(2).toNanos();
    private static final long ACK_WAIT = Duration.ofSeconds(30).toNanos();

    record Ack(String stream, long sequence, boolean duplicate) {}

    private record Known(long sequence, long ticks) {}

    /** Where a reader stands: what comes next, and what was handed out and not settled. */
    private static final class Place {
        private final String filter;
        private final TreeMap<Long, Long> pending = new TreeMap<>();
        private long next;

        Place(String filter, long next) {
            this.filter = filter;
            this.next = next;
        }
    }

    private final String name;
    private final List<String> subjects;
    private final TimeSource time;
    private final Instant created;
    private final TreeMap<Long, Read> held = new TreeMap<>();
    private final Map<String, Known> known = new LinkedHashMap<>();
    private final Map<String, Place> places = new LinkedHashMap<>();
    private Duration maxAge = Duration.ZERO;
    private Instant lastTime = Instant.EPOCH;
    private long last;

    SimForeignStream(String name, List<String> subjects, TimeSource time) {
        this.name = name;
        this.subjects = subjects;
        this.time = time;
        this.created = time.wall();
    }

    void maxAge(Duration age) {
        maxAge = age;
    }

    boolean takes(Subject subject) {
        return subjects.stream().anyMatch(s -> Subject.of(s).matches(subject));
    }

    Ack add(CopyMessage message) {
        String id = message.header("Nats-Msg-Id").orElse("");
        Known before = known.get(id);
        if (!id.isEmpty() && before != null && time.ticks() - before.ticks() <= WINDOW) {
            return new Ack(name, before.sequence(), true);
        }
        last++;
        lastTime = time.wall();
        held.put(last, new Read(message, last, lastTime, ""));
        if (!id.isEmpty()) {
            known.put(id, new Known(last, time.ticks()));
        }
        return new Ack(name, last, false);
    }

    void purge() {
        held.clear();
        lastTime = time.wall();
    }

    List<Read> held() {
        return List.copyOf(held.values());
    }

    StreamFacts facts() {
        long first = held.isEmpty() ? last + 1 : held.firstKey();
        return new StreamFacts(name, created, first, last, held.size(), lastTime, subjects, maxAge);
    }

    void consumer(ReadPlan plan) {
        if (plan.ephemeral()) {
            places.remove(plan.consumer());
        }
        Place place = places.computeIfAbsent(plan.consumer(), _ -> new Place(plan.filter(), start(plan.start())));
        long settled = place.pending.isEmpty() ? place.next - 1 : place.pending.firstKey() - 1;
        place.pending.clear();
        place.next = Math.max(settled, plan.done()) + 1;
    }

    private long start(ReadPlan.StartAt at) {
        return switch (at) {
            case ReadPlan.StartAt.All _ -> 1;
            case ReadPlan.StartAt.New _ -> last + 1;
            case ReadPlan.StartAt.Number number -> number.number();
            case ReadPlan.StartAt.Time from ->
                held.values().stream()
                        .filter(r -> !r.stored().isBefore(from.time()))
                        .map(Read::number)
                        .findFirst()
                        .orElse(last + 1);
        };
    }

    void deleteConsumer(String consumer) {
        places.remove(consumer);
    }

    private Place place(String consumer) {
        Place place = places.get(consumer);
        if (place == null) {
            throw new PortException.Unavailable("copy.consumer-gone", "there is no consumer '" + consumer + "'");
        }
        return place;
    }

    List<Read> ready(String consumer, int max) {
        Place place = place(consumer);
        List<Read> out = new ArrayList<>();
        for (Map.Entry<Long, Long> waiting : place.pending.entrySet()) {
            if (out.size() < max && time.ticks() - waiting.getValue() > ACK_WAIT) {
                waiting.setValue(time.ticks());
                Read again = held.get(waiting.getKey());
                if (again != null) {
                    out.add(again);
                }
            }
        }
        for (Read read : held.tailMap(place.next).values()) {
            if (out.size() >= max) {
                break;
            }
            place.next = read.number() + 1;
            if (place.filter.isEmpty()
                    || Subject.of(place.filter)
                            .matches(Subject.of(read.message().subject()))) {
                place.pending.put(read.number(), time.ticks());
                out.add(read);
            }
        }
        return out;
    }

    void settle(String consumer, List<Read> messages) {
        Place place = place(consumer);
        messages.forEach(m -> place.pending.remove(m.number()));
    }
}
