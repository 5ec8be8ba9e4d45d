package io.machineroom.domain.spooling;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Stamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Adds up what waits, by lane and epoch: how many numbers, how many events, how many void for which cause. One task. */
final class SpoolLedger {
    private final Map<String, Row> rows = new LinkedHashMap<>();

    private static final class Row {
        private final Stamp first;
        private final Map<String, Long> voids = new TreeMap<>();
        private long through;
        private long events;

        Row(Stamp first) {
            this.first = first;
        }

        void count(Stamp stamp) {
            through = stamp.through();
            if (stamp.isVoid()) {
                voids.merge(stamp.cause().orElse(""), stamp.through() - stamp.from() + 1, Long::sum);
            } else {
                events++;
            }
        }

        Value.Obj document() {
            Value.Obj causes = Value.obj();
            for (Map.Entry<String, Long> cause : voids.entrySet()) {
                causes = causes.with(cause.getKey(), Value.num(cause.getValue()));
            }
            long gone = voids.values().stream().mapToLong(Long::longValue).sum();
            return Value.obj("lane", Value.text(first.lane().wireName()))
                    .with("epoch", Value.text(first.epoch().wire()))
                    .with("from", Value.num(first.from()))
                    .with("through", Value.num(through))
                    .with("numbers", Value.num(through - first.from() + 1))
                    .with("events", Value.num(events))
                    .with("void", causes)
                    .with("missing", Value.num(through - first.from() + 1 - events - gone));
        }
    }

    void count(Stamp stamp) {
        rows.computeIfAbsent(stamp.lane().wireName() + stamp.epoch().wire(), key -> new Row(stamp))
                .count(stamp);
    }

    List<Value.Obj> rows() {
        List<Value.Obj> all = new ArrayList<>();
        rows.values().forEach(row -> all.add(row.document()));
        return all;
    }
}
