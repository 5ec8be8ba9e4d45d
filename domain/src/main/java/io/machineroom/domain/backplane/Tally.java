package io.machineroom.domain.backplane;

import io.machineroom.domain.event.LifecycleEvent;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Counts nodes by component and version out of their lifecycle events, as Choria's tally does: alive or startup of a new
 * one adds it, another version moves it, shutdown or 80 minutes of silence take it away. Begins empty at each start of the
 * backplane. Nodes name components and versions, so both are bounded. One task.
 */
final class Tally {
    static final Duration SILENCE = Duration.ofMinutes(80);
    private static final int MAX_SERIES = 200;
    private static final int MAX_COMPONENTS = 8;
    private static final String OTHER = "other";

    private final TimeSource time;
    private final Meter meter;
    private final Map<String, Map<String, Seen>> nodes = new HashMap<>();
    private final Map<Series, Long> counts = new LinkedHashMap<>();
    private final Set<Map<String, String>> governors = new HashSet<>();

    Tally(TimeSource time, Meter meter) {
        this.time = time;
        this.meter = meter;
    }

    private record Series(String component, String version) {}

    private record Seen(Series series, long ticks) {}

    /**
     * Takes an event.
     *
     * @param node the node that it came from, whatever it says of itself
     */
    void take(String node, LifecycleEvent event) {
        meter.count("mr_backplane_tally_events_total", "type", event.kind().word(), 1);
        switch (event.kind()) {
            case ALIVE, STARTUP -> seen(node, event);
            case SHUTDOWN -> gone(node, event.component());
            case GOVERNOR -> governor(event);
            case PROVISIONED, UPGRADED -> {
                // counted above; the node itself says alive with what it is now
            }
        }
    }

    private void seen(String node, LifecycleEvent event) {
        Map<String, Seen> components = nodes.computeIfAbsent(node, n -> new HashMap<>());
        Seen before = components.get(event.component());
        if (before == null && components.size() >= MAX_COMPONENTS) {
            return;
        }
        Series series = series(event.component(), event.text("version"));
        components.put(event.component(), new Seen(series, time.ticks()));
        if (before == null || !before.series().equals(series)) {
            if (before != null) {
                add(before.series(), -1);
            }
            add(series, 1);
        }
    }

    private Series series(String component, String version) {
        Series wanted = new Series(component, version);
        return counts.containsKey(wanted) || counts.size() < MAX_SERIES ? wanted : new Series(OTHER, OTHER);
    }

    private void gone(String node, String component) {
        Map<String, Seen> components = nodes.getOrDefault(node, Map.of());
        Seen before = components.get(component);
        if (before != null) {
            components.remove(component);
            add(before.series(), -1);
        }
        if (components.isEmpty()) {
            nodes.remove(node);
        }
    }

    private void governor(LifecycleEvent event) {
        Map<String, String> who = Map.of("component", event.component(), "governor", event.text("governor"));
        if (governors.size() < MAX_SERIES) {
            governors.add(who);
        } else if (!governors.contains(who)) {
            who = Map.of("component", OTHER, "governor", OTHER);
        }
        Map<String, String> labels = new LinkedHashMap<>(who);
        String what = switch (event.text("event_type")) {
            case "enter" -> "enter";
            case "exit" -> "exit";
            case "timeouts" -> "timeouts";
            case "eviction" -> "eviction";
            default -> OTHER;
        };
        labels.put("event", what);
        meter.count("mr_backplane_tally_governor_total", labels, 1);
    }

    /** Takes away what was silent for too long. */
    void expire() {
        long oldest = time.ticks() - SILENCE.toNanos();
        for (Iterator<Map<String, Seen>> all = nodes.values().iterator(); all.hasNext(); ) {
            Map<String, Seen> components = all.next();
            components.values().removeIf(seen -> {
                boolean silent = seen.ticks() - oldest < 0;
                if (silent) {
                    add(seen.series(), -1);
                    meter.count("mr_backplane_tally_expired_total", 1);
                }
                return silent;
            });
            if (components.isEmpty()) {
                all.remove();
            }
        }
    }

    /** How many nodes are known. */
    int size() {
        return nodes.size();
    }

    private void add(Series series, long change) {
        long now = counts.merge(series, change, Long::sum);
        meter.gauge(
                "mr_backplane_tally_nodes",
                Map.of("component", series.component(), "version", series.version()),
                (double) now);
    }
}
