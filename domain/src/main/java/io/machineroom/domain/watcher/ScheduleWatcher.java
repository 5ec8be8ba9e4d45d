package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.CronExpression;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * On for a while from each instant that its cron lines name (spec 4.13), off otherwise: turning on succeeds, turning
 * off fails. It counts while it is inactive, too; becoming active tells the present condition anew.
 */
final class ScheduleWatcher implements Watcher {
    private static final Duration LEAST = Duration.ofSeconds(1);
    private static final Duration DEFAULT_LENGTH = Duration.ofMinutes(1);

    /** A clock that is set forward is noticed after this time. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);

    private final List<ScheduleItem> items;
    private final boolean skipOnReenter;
    private final WatcherContext context;
    private String previous = "unknown";
    private String state = "unknown";
    private boolean triggered;

    private ScheduleWatcher(List<ScheduleItem> items, boolean skipOnReenter, WatcherContext context) {
        this.items = List.copyOf(items);
        this.skipOnReenter = skipOnReenter;
        this.context = context;
    }

    @Override
    public Outcome check(Trigger trigger) {
        Duration again = look();
        if (state.equals(previous)) {
            return new Outcome.Unchanged(state, false, again);
        }
        previous = state;
        if (!state.equals("on")) {
            triggered = false;
            return new Outcome.Failed(state, "", true, true, again);
        }
        if (skipOnReenter && triggered) {
            return new Outcome.Unchanged(state, false, again);
        }
        triggered = true;
        return new Outcome.Succeeded(state, true, true, again);
    }

    private Duration look() {
        items.forEach(item -> item.look(context.time(), context.entropy()));
        long ticks = context.time().ticks();
        boolean on = items.stream().anyMatch(item -> item.on(ticks));
        boolean begun = items.stream().anyMatch(ScheduleItem::begun);
        state = on ? "on" : begun ? "off" : "unknown";
        return items.stream()
                .map(item -> item.quiet(ticks, LONGEST_WAIT))
                .min(Duration::compareTo)
                .orElse(LONGEST_WAIT);
    }

    @Override
    public boolean stateChanged(boolean active) {
        look();
        if (!active) {
            previous = "skipped";
        }
        return false;
    }

    @Override
    public Value.Obj state() {
        return Value.obj("state", Value.text(state));
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "schedule";
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
            Duration given = properties.duration("duration", Duration.ZERO);
            Duration splay = properties.duration("start_splay", Duration.ZERO);
            List<String> lines = properties.texts("schedules");
            Duration length = given.compareTo(LEAST) < 0 ? DEFAULT_LENGTH : given;
            List<ScheduleItem> items = new ArrayList<>();
            for (String line : lines) {
                try {
                    items.add(new ScheduleItem(CronExpression.parse(line), length, splay));
                } catch (PortException.Refused e) {
                    properties.problem("schedules", "could not parse '" + line + "': " + e.getMessage());
                }
            }
            if (splay.compareTo(given.dividedBy(2)) > 0) {
                properties.problem(
                        "start_splay",
                        "start splay " + Durations.print(splay) + " is bigger than half the duration "
                                + Durations.print(given));
            }
            if (lines.isEmpty()) {
                properties.problem("schedules", "no schedules defined");
            }
            return new ScheduleWatcher(items, properties.bool("skip_trigger_on_reenter", false), context);
        }
    }
}
