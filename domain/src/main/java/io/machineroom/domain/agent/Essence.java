package io.machineroom.domain.agent;

import io.machineroom.ports.data.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The part of an inventory whose change is worth telling at once: all but what is measured, such as times, free space and
 * numbers of processes. What a vendor adds to the facts counts as it is.
 */
final class Essence {
    private static final List<String> STATUS = List.of("mode", "version", "customer", "site", "role", "list_serial");

    private Essence() {}

    static Value.Obj of(Value.Obj inventory) {
        Value.Obj facts = inventory.obj("facts").orElse(Value.obj());
        Value.Obj room = inventory
                .obj("status")
                .flatMap(status -> status.obj("machine_room"))
                .orElse(Value.obj());
        Map<String, Value> status = new LinkedHashMap<>();
        STATUS.forEach(key -> room.get(key).ifPresent(value -> status.put(key, value)));
        return inventory.with("facts", facts(facts)).with("status", Value.obj(status));
    }

    private static Value.Obj facts(Value.Obj facts) {
        Value.Obj out = without(facts, "host", "info", "uptime", "procs");
        out = without(out, "partition", "", "usage");
        out = without(out, "memory", "", "virtual", "swap");
        out = without(out, "machine_room", "", "timestamp", "timestamp_seconds");
        if (out.obj("cpu").isPresent()) {
            out = out.with("cpu", Value.obj("info", clocks(out.obj("cpu").orElseThrow())));
        }
        return out;
    }

    /** Processors without the speed of the moment. */
    private static Value clocks(Value.Obj cpu) {
        return new Value.Arr(cpu.list("info").stream()
                .map(one -> one instanceof Value.Obj fields ? fields.without("mhz") : one)
                .toList());
    }

    /** Without keys of a block, or of one inside of it. */
    private static Value.Obj without(Value.Obj from, String block, String inner, String... keys) {
        if (from.obj(block).isEmpty()) {
            return from;
        }
        Value.Obj outer = from.obj(block).orElseThrow();
        Value.Obj changed = inner.isEmpty() ? outer : outer.obj(inner).orElse(Value.obj());
        for (String key : keys) {
            changed = changed.without(key);
        }
        return from.with(block, inner.isEmpty() ? changed : outer.with(inner, changed));
    }
}
