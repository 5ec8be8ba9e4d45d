package io.machineroom.domain.watcher;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;

/**
 * Counts down from the moment its machine enters a state it matches, then fails once (spec 4.14). Every change of
 * state while it is active starts it anew; leaving its states stops it.
 */
final class TimerWatcher implements Watcher {
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final Duration length;
    private final WatcherContext context;
    private boolean running;
    private long due;

    private TimerWatcher(Duration length, WatcherContext context) {
        this.length = length;
        this.context = context;
    }

    @Override
    public Outcome check(Trigger trigger) {
        long now = context.time().ticks();
        if (trigger == Trigger.START || trigger == Trigger.STATE_CHANGED) {
            running = true;
            due = now + length.toNanos();
            return new Outcome.Unchanged("running", true, length);
        }
        if (!running) {
            return new Outcome.Unchanged("stopped");
        }
        if (now - due < 0) {
            return new Outcome.Unchanged("running", false, Duration.ofNanos(due - now));
        }
        running = false;
        return new Outcome.Failed("stopped", "timer.expired: " + Durations.print(length) + " passed");
    }

    @Override
    public boolean stateChanged(boolean active) {
        boolean cancelled = running && !active;
        running = running && active;
        return cancelled;
    }

    @Override
    public Value.Obj state() {
        return Value.obj("state", Value.text(running ? "running" : "stopped"), "timer", Value.num(length.toNanos()));
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "timer";
        }

        @Override
        public boolean quick() {
            return true;
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ZERO, null, false, true, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            Duration given = properties.duration("timer", LEAST);
            Duration length = given.compareTo(LEAST) < 0 ? LEAST : given;
            if (properties.bool("splay", false)) {
                length = Duration.ofNanos(context.entropy().below(length.toNanos()));
            }
            return new TimerWatcher(length, context);
        }
    }
}
