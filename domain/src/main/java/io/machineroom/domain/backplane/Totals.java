package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the ledger counts: created = stored + waiting + void + unknown, at any moment (architecture D8).
 *
 * @param created highest number known
 * @param stored events stored
 * @param voids numbers declared void, by cause
 * @param unknown numbers that never came and were given up, or that another store may hold
 * @param forks events stored beside another event of the same number; outside the balance
 */
public record Totals(long created, long stored, Map<String, Long> voids, long unknown, long forks) {
    static final Totals NONE = new Totals(0, 0, Map.of(), 0, 0);

    public Totals {
        voids = Map.copyOf(voids);
    }

    /** Numbers that are known to exist and are not here yet. */
    public long waiting() {
        return created
                - stored
                - unknown
                - voids.values().stream().mapToLong(Long::longValue).sum();
    }

    Totals plus(Totals other) {
        Map<String, Long> sum = new TreeMap<>(voids);
        other.voids.forEach((cause, count) -> sum.merge(cause, count, Long::sum));
        return new Totals(
                created + other.created, stored + other.stored, sum, unknown + other.unknown, forks + other.forks);
    }

    /** As a document; {@code void} is an object of causes. */
    public Value.Obj document() {
        Value.Obj causes = Value.obj();
        for (Map.Entry<String, Long> cause : new TreeMap<>(voids).entrySet()) {
            causes = causes.with(cause.getKey(), Value.num(cause.getValue()));
        }
        return Value.obj("created", Value.num(created), "stored", Value.num(stored), "waiting", Value.num(waiting()))
                .with("void", causes)
                .with("unknown", Value.num(unknown))
                .with("forks", Value.num(forks));
    }

    static Totals of(Value.Obj document) {
        Map<String, Long> voids = new TreeMap<>();
        Value.Obj causes = document.obj("void").orElse(Value.obj());
        for (String cause : causes.fields().keySet()) {
            voids.put(cause, causes.whole(cause).orElse(0L));
        }
        return new Totals(
                document.whole("created").orElse(0L),
                document.whole("stored").orElse(0L),
                voids,
                document.whole("unknown").orElse(0L),
                document.whole("forks").orElse(0L));
    }
}
