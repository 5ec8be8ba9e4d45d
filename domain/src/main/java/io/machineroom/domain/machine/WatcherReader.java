package io.machineroom.domain.machine;

import io.machineroom.domain.expression.Nearest;
import io.machineroom.domain.machine.Fault.Stage;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.domain.watcher.WatcherSpec.ForeignState;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.WatcherType;
import io.machineroom.ports.watcher.WatcherType.IntervalRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the watchers of one manifest, each in the order in which the original checks it. A watcher is made on trial,
 * so that faults of its properties show at once.
 */
final class WatcherReader {
    private static final Duration LEAST_ANNOUNCE = Duration.ofMinutes(1);
    private static final Set<String> BARE_INTERVAL = Set.of("kv", "gossip");

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
        String typeName = fields.text("type");
        Optional<WatcherType> type = catalog.find(typeName);
        Duration announce = announce(fields, name);
        List<String> match = fields.texts("state_match");
        match.stream()
                .filter(state -> !states.contains(state))
                .forEach(state -> fields.unknown(
                        Stage.WATCHER,
                        "state_match",
                        "invalid state " + state + " in state match for watcher " + name,
                        Nearest.hint(state, states)));
        String failure = transition(fields, "fail_transition", name);
        String success = transition(fields, "success_transition", name);
        List<ForeignState> foreign = foreign(fields);
        WatcherSpec bare = new WatcherSpec(
                name,
                typeName,
                match,
                foreign,
                success,
                failure,
                null,
                announce,
                fields.map("properties"),
                fields.at("properties"));
        fields.text("interval");
        fields.rest();
        if (type.isEmpty()) {
            fields.unknown(
                    Stage.START, "type", "unknown watcher '" + typeName + "'", Nearest.hint(typeName, catalog.names()));
            return bare;
        }
        return made(fields, type.get(), bare);
    }

    private static WatcherSpec made(Fields fields, WatcherType type, WatcherSpec bare) {
        String context = "could not create " + type.name() + " watcher '" + bare.name() + "': ";
        if (bare.name().isEmpty()) {
            fields.start("name", context, "name is required");
        }
        if (type.name().equals("timer") && !bare.success().isEmpty()) {
            fields.start("success_transition", context, "timer watcher does not support success events");
        }
        String broken = trial(fields, type, bare, context);
        WatcherSpec made = bare.every(interval(fields, type, context));
        if (!broken.isEmpty()) {
            fields.start("properties", context, broken);
        }
        return made;
    }

    private String transition(Fields fields, String key, String watcher) {
        String event = fields.text(key);
        if (!event.isEmpty() && !events.contains(event)) {
            fields.unknown(
                    Stage.WATCHER,
                    key,
                    "invalid " + key + " " + event + " specified in watcher " + watcher,
                    Nearest.hint(event, events));
        }
        return event;
    }

    private static List<ForeignState> foreign(Fields fields) {
        List<ForeignState> out = new ArrayList<>();
        for (Fields one : fields.maps("foreign_state_required")) {
            ForeignState required = new ForeignState(one.text("machine_name"), one.text("state"));
            if (required.machine().isEmpty() || required.state().isEmpty()) {
                one.warning(
                        "",
                        "invalid required state: machine_name and state are both needed, so the watcher is never active");
            }
            out.add(required);
            one.rest();
        }
        return out;
    }

    private static @Nullable Duration interval(Fields fields, WatcherType type, String context) {
        IntervalRule rule = type.interval();
        boolean unused =
                !rule.required() && rule.fallback() == null && rule.minimum().isZero();
        String text = fields.text("interval");
        if (text.isEmpty()) {
            if (rule.required()) {
                fields.start("interval", context, "an interval is required");
            }
            return rule.fallback();
        }
        if (unused) {
            fields.warning("interval", "a " + type.name() + " watcher has no interval; it is ignored");
            return null;
        }
        Duration given;
        try {
            given = Durations.parseInterval(text);
        } catch (IllegalArgumentException e) {
            String prefix = BARE_INTERVAL.contains(type.name()) ? "" : "invalid interval: ";
            fields.start("interval", context, prefix + e.getMessage());
            return rule.fallback();
        }
        boolean idle = rule.required() && !given.isPositive();
        if (idle || given.compareTo(rule.minimum()) < 0) {
            fields.start("interval", context, "interval " + Durations.print(given) + " is too small");
        }
        return given.isZero() ? rule.fallback() : given;
    }

    private static @Nullable Duration announce(Fields fields, String watcher) {
        String text = fields.text("announce_interval");
        if (text.isEmpty()) {
            return null;
        }
        try {
            Duration given = Durations.parseInterval(text);
            if (given.compareTo(LEAST_ANNOUNCE) < 0) {
                fields.fault(
                        Stage.WATCHER,
                        "announce_interval",
                        "announce interval " + Durations.print(given) + " is too small for watcher " + watcher);
            }
            return given;
        } catch (IllegalArgumentException e) {
            fields.fault(
                    Stage.WATCHER,
                    "announce_interval",
                    "unknown announce interval for watcher " + watcher + ": " + e.getMessage());
            return null;
        }
    }

    /** Tells the faults of the properties; the answer is why the watcher cannot be made at all, empty when it can. */
    private static String trial(Fields fields, WatcherType type, WatcherSpec spec, String context) {
        String properties = fields.at("properties");
        Properties read = new Properties(spec.properties(), properties, path -> 0);
        String broken = "";
        try {
            type.create(read, new TrialContext(spec.name())).close();
        } catch (UnsupportedOperationException e) {
            broken = e.getMessage() == null ? e.toString() : e.getMessage();
        } catch (RuntimeException e) {
            // a vendor's factory may break in any way
            broken = e.toString();
        }
        List<Problem> undecoded = read.undecoded();
        String bullets = undecoded.stream().map(Problem::message).sorted().collect(Collectors.joining("\n* "));
        String decoding = undecoded.size() + " error(s) decoding:\n\n* " + bullets;
        for (Problem fault : read.faults()) {
            String what = undecoded.contains(fault) ? decoding : fault.message();
            fields.start(fault, context + "could not set properties: " + what);
        }
        for (Problem doubt : read.doubts()) {
            fields.warning(key(fields, doubt), doubt.message() + "; each run will fail");
        }
        for (Problem unknown : read.unknown()) {
            String name = unknown.path().substring(properties.length() + 1);
            fields.warning(key(fields, unknown), unknown.message() + " is ignored" + Nearest.hint(name, read.known()));
        }
        return broken;
    }

    /** The path of a property below its watcher. */
    private static String key(Fields fields, Problem problem) {
        return problem.path().substring(fields.at("").length() + 1);
    }
}
