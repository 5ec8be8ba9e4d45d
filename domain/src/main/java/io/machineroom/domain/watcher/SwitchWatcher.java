package io.machineroom.domain.watcher;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A switch that somebody presses (spec 4.7): on succeeds, off fails. States of its machine may set it as well, without a
 * transition.
 */
final class SwitchWatcher implements Watcher {
    private final Settings settings;
    private final WatcherContext context;
    private Status status = Status.UNKNOWN;

    private SwitchWatcher(Settings settings, WatcherContext context) {
        this.settings = settings;
        this.context = context;
    }

    private enum Status {
        UNKNOWN("unknown"),
        ON("on"),
        OFF("off");

        private final String text;

        Status(String text) {
            this.text = text;
        }
    }

    private record Settings(
            List<String> onWhen, List<String> offWhen, List<String> disableWhen, Map<String, String> annotations) {
        static Settings read(Properties properties) {
            return new Settings(
                    properties.texts("on_when"),
                    properties.texts("off_when"),
                    properties.texts("disable_when"),
                    new TreeMap<>(properties.textMap("annotations")));
        }
    }

    @Override
    public Outcome check(Trigger trigger) {
        String state = context.state();
        return switch (trigger) {
            case ON, OFF ->
                settings.disableWhen.contains(state)
                        ? new Outcome.Unchanged(status.text)
                        : pressed(trigger == Trigger.ON);
            case START, STATE_CHANGED -> follows(state);
            case INTERVAL, WOKEN -> new Outcome.Unchanged(status.text);
        };
    }

    private Outcome pressed(boolean on) {
        status = on ? Status.ON : Status.OFF;
        return on ? new Outcome.Succeeded(status.text) : new Outcome.Failed(status.text, "");
    }

    private Outcome follows(String state) {
        boolean on = settings.onWhen.contains(state);
        if (!on && !settings.offWhen.contains(state)) {
            return new Outcome.Unchanged(status.text);
        }
        status = on ? Status.ON : Status.OFF;
        return new Outcome.Unchanged(status.text, true, null);
    }

    @Override
    public Value.Obj state() {
        Value.Obj annotations = Value.obj();
        for (Map.Entry<String, String> one : settings.annotations.entrySet()) {
            annotations = annotations.with(one.getKey(), Value.text(one.getValue()));
        }
        return Value.obj("status", Value.text(status.text), "is_on", Value.bool(status == Status.ON))
                .with("annotations", annotations);
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return Switches.KIND;
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ZERO, null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new SwitchWatcher(Settings.read(properties), context);
        }
    }
}
