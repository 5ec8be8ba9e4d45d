package io.machineroom.app.simulation;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What many worlds came to. Safe from any thread. */
final class Tally {
    private final long begun = System.nanoTime();
    private final Map<Fault, Long> faults = new EnumMap<>(Fault.class);
    private final Map<Fault, Long> recovered = new EnumMap<>(Fault.class);
    private final Map<String, Long> seen = new TreeMap<>();
    private final List<Scenario.Result> failures = new ArrayList<>();
    private double nodeHours;
    private long worlds;
    private long accepted;
    private long stored;
    private long destroyed;
    private long damaged;
    private long steps;

    synchronized void add(Scenario.Result result) {
        worlds++;
        nodeHours += result.nodeHours();
        accepted += result.accepted();
        stored += result.stored();
        destroyed += result.destroyed();
        damaged += result.damaged();
        steps += result.steps();
        result.faults().forEach((fault, count) -> faults.merge(fault, count, Long::sum));
        result.recovered().forEach((fault, count) -> recovered.merge(fault, count, Long::sum));
        result.seen().forEach((what, count) -> seen.merge(what, count, Long::sum));
        if (result.failure().isPresent()) {
            failures.add(result);
        }
    }

    synchronized List<Scenario.Result> failures() {
        return List.copyOf(failures);
    }

    /** Faults that never happened, or from which nobody ever recovered. */
    synchronized List<Fault> never(boolean sites) {
        return never(Fault.of(sites));
    }

    /** The same of these. */
    synchronized List<Fault> never(List<Fault> which) {
        List<Fault> out = new ArrayList<>();
        for (Fault fault : which) {
            if (faults.getOrDefault(fault, 0L) == 0 || recovered.getOrDefault(fault, 0L) == 0) {
                out.add(fault);
            }
        }
        return out;
    }

    synchronized long seen(String what) {
        return seen.getOrDefault(what, 0L);
    }

    /** Processor time of the whole process, which other work on the machine changes less than minutes. */
    private double millisOfANodeHour() {
        long millis = ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toMillis)
                .orElse(0L);
        return millis / Math.max(1, nodeHours);
    }

    private double minutes() {
        return (System.nanoTime() - begun) / 60e9;
    }

    synchronized Value.Obj document() {
        Value.Obj each = Value.obj();
        for (Fault fault : Fault.values()) {
            each = each.with(
                    fault.name().toLowerCase(Locale.ROOT),
                    Value.obj(
                            "happened", Value.num(faults.getOrDefault(fault, 0L)),
                            "recovered", Value.num(recovered.getOrDefault(fault, 0L))));
        }
        Value.Obj also = Value.obj();
        for (Map.Entry<String, Long> entry : seen.entrySet()) {
            also = also.with(entry.getKey(), Value.num(entry.getValue()));
        }
        return Value.obj("worlds", Value.num(worlds), "node_hours", Value.num(Math.round(nodeHours)))
                .with("node_hours_per_minute", Value.num(Math.round(nodeHours / minutes())))
                .with("processor_ms_per_node_hour", Value.num(Math.round(millisOfANodeHour())))
                .with("accepted", Value.num(accepted))
                .with("stored", Value.num(stored))
                .with("destroyed", Value.num(destroyed))
                .with("damaged", Value.num(damaged))
                .with("steps", Value.num(steps))
                .with("faults", each)
                .with("seen", also)
                .with(
                        "failures",
                        new Value.Arr(failures.stream()
                                .<Value>map(r -> Value.text(r.line()))
                                .toList()));
    }

    /** One line while it goes on. */
    synchronized String progress() {
        long struck = faults.values().stream().mapToLong(Long::longValue).sum();
        return String.format(
                Locale.ROOT,
                "%d worlds, %.0f node-hours, %.0f a minute, each %.0f ms of a processor, %d events stored, %d faults, %d worlds broke",
                worlds,
                nodeHours,
                nodeHours / minutes(),
                millisOfANodeHour(),
                stored,
                struck,
                failures.size());
    }

    synchronized String text() {
        StringBuilder out = new StringBuilder(progress());
        out.append(String.format(
                Locale.ROOT,
                "%n%d events accepted, %d destroyed by hand, %d damaged, %d steps%n",
                accepted,
                destroyed,
                damaged,
                steps));
        for (Fault fault : Fault.values()) {
            out.append(String.format(
                    Locale.ROOT,
                    "  %-22s happened %5d, recovered %5d%n",
                    fault,
                    faults.getOrDefault(fault, 0L),
                    recovered.getOrDefault(fault, 0L)));
        }
        out.append("  ").append(seen).append(System.lineSeparator());
        failures.forEach(r -> out.append(r.line()).append(System.lineSeparator()));
        return out.append(failures.isEmpty() ? "every invariant held" : failures.size() + " worlds broke")
                .toString();
    }
}
