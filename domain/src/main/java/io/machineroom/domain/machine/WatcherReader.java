package io.machineroom.domain.machine;

import io.machineroom.domain.watcher.DurationText;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.domain.watcher.WatcherSpec.ForeignState;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.WatcherType;
import io.machineroom.ports.watcher.WatcherType.IntervalRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the watchers of one manifest. A watcher is made on trial, so that faults of its properties show at once. */
final class WatcherReader {
    private static final Duration LEAST_ANNOUNCE = Duration.ofMinutes(1);

    private final WatcherCatalog catalog;
    private final Set<String> states;
    private final Set<String> events;

    WatcherReader(WatcherCatalog catalog, Set<String> states, Set<String> events) {
        this.catalog = catalog;
        this.states = states;
        this.events = events;
    }

    WatcherSpec read(Fields fields) {
        String name = fields.text("name");
        if (name.isEmpty()) {
            fields.problem("name", "name is required");
        }
        String typeName = fields.text("type");
        Optional<WatcherType> type = catalog.find(typeName);
        if (type.isEmpty()) {
            fields.problem("type", "unknown watcher '" + typeName + "'");
        }
        List<String> match = fields.texts("state_match");
        match.stream()
                .filter(state -> !states.contains(state))
                .forEach(state -> fields.problem(
                        "state_match", "invalid state " + state + " in state match for watcher " + name));
        WatcherSpec spec = new WatcherSpec(
                name,
                typeName,
                match,
                foreign(fields),
                transition(fields, "success_transition", name),
                transition(fields, "fail_transition", name),
                type.map(t -> interval(fields, t)).orElse(null),
                announce(fields, name),
                fields.map("properties"),
                fields.at("properties"));
        fields.text("interval");
        fields.rest();
        type.ifPresent(t -> trial(fields, t, spec));
        return spec;
    }

    private String transition(Fields fields, String key, String watcher) {
        String event = fields.text(key);
        if (!event.isEmpty() && !events.contains(event)) {
            fields.problem(key, "invalid " + key + " " + event + " specified in watcher " + watcher);
        }
        return event;
    }

    private static List<ForeignState> foreign(Fields fields) {
        List<ForeignState> out = new ArrayList<>();
        for (Fields one : fields.maps("foreign_state_required")) {
            ForeignState required = new ForeignState(one.text("machine_name"), one.text("state"));
            if (required.machine().isEmpty() || required.state().isEmpty()) {
                one.problem("", "invalid required state: machine_name and state are both needed");
            }
            out.add(required);
            one.rest();
        }
        return out;
    }

    private static @Nullable Duration interval(Fields fields, WatcherType type) {
        IntervalRule rule = type.interval();
        String text = fields.text("interval");
        if (text.isBlank()) {
            if (rule.required()) {
                fields.problem("interval", "an interval is required");
            }
            return rule.fallback();
        }
        Duration given = duration(fields, "interval", "invalid interval: ");
        if (given != null && given.compareTo(rule.minimum()) < 0) {
            fields.problem("interval", "interval " + DurationText.of(given) + " is too small");
        }
        return given == null || given.isZero() ? rule.fallback() : given;
    }

    private static @Nullable Duration announce(Fields fields, String watcher) {
        if (fields.text("announce_interval").isBlank()) {
            return null;
        }
        Duration given =
                duration(fields, "announce_interval", "unknown announce interval for watcher " + watcher + ": ");
        if (given != null && given.compareTo(LEAST_ANNOUNCE) < 0) {
            fields.problem(
                    "announce_interval",
                    "announce interval " + DurationText.of(given) + " is too small for watcher " + watcher);
        }
        return given;
    }

    private static @Nullable Duration duration(Fields fields, String key, String prefix) {
        try {
            return Durations.parseInterval(fields.text(key));
        } catch (IllegalArgumentException e) {
            fields.problem(key, prefix + e.getMessage());
            return null;
        }
    }

    private static void trial(Fields fields, WatcherType type, WatcherSpec spec) {
        if (type.name().equals("timer") && !spec.success().isEmpty()) {
            fields.problem("success_transition", "timer watcher does not support success events");
        }
        Value.Obj values = spec.properties();
        Properties properties = new Properties(values, "", path -> 0);
        try {
            type.create(properties, new TrialContext(spec.name())).close();
        } catch (RuntimeException e) {
            // a vendor's factory may break in any way
            fields.problem("properties", "could not create " + type.name() + " watcher '" + spec.name() + "': " + e);
        }
        for (Problem fault : properties.faults()) {
            fields.problem("properties" + below(fault.path()), fault.message());
        }
        for (Problem unknown : properties.unknown()) {
            fields.warning("properties" + below(unknown.path()), unknown.message() + " is ignored");
        }
    }

    private static String below(String path) {
        return path.isEmpty() ? "" : path.startsWith(".") ? path : "." + path;
    }
}
