package io.machineroom.app.simulation;

import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.store.EventLog;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the SaaS was told about deployments and forks, read from its event log as a vendor would. */
final class Reported {
    private final List<EventFormat> formats;
    private final Map<String, Refusal> refused = new TreeMap<>();
    private final Map<String, Long> codes = new TreeMap<>();
    private final Map<String, Long> kinds = new TreeMap<>();

    /** The newest one of a node. */
    private record Refusal(String code, long ticks) {}

    Reported(List<EventFormat> formats) {
        this.formats = List.copyOf(formats);
    }

    void look(EventLog.Entry entry, long ticks) {
        String subject = entry.message().subject().text();
        String kind = subject.substring(subject.lastIndexOf('.') + 1);
        if (!kind.startsWith("plugin_") && !kind.startsWith("node_")) {
            return;
        }
        kinds.merge(kind, 1L, Long::sum);
        if (kind.equals("plugin_rejected") || kind.equals("plugin_rolled_back")) {
            String code = decode(entry).data().text("code").orElse("");
            if (!code.isEmpty()) {
                refused.put(entry.identity(), new Refusal(code, ticks));
                codes.merge(code, 1L, Long::sum);
            }
        }
    }

    private Event decode(EventLog.Entry entry) {
        return formats.stream()
                .filter(f -> f.contentType().equals(entry.message().contentType()))
                .findFirst()
                .orElseThrow()
                .decode(entry.message().bytes());
    }

    /** Whether a node said since then, by a code, why it does not run something. */
    boolean refusedSince(String identity, long ticks) {
        Refusal last = refused.get(identity);
        return last != null && last.ticks() >= ticks;
    }

    /** How often the SaaS was told which code. */
    Map<String, Long> codes() {
        return codes;
    }

    /** Events about deployments and forks by kind. */
    Map<String, Long> kinds() {
        return kinds;
    }
}
