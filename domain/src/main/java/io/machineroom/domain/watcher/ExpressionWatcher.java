package io.machineroom.domain.watcher;

import io.machineroom.domain.expression.Expression;
import io.machineroom.domain.expression.Lookup;
import io.machineroom.domain.expression.Scope;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Success and failure conditions over data and facts (spec 4.4). A transition is fired only when the outcome is
 * another than before; the state is told at every evaluation that matched.
 */
final class ExpressionWatcher implements Watcher {
    private static final Duration LEAST = Duration.ofMillis(500);

    private final @Nullable Condition success;
    private final @Nullable Condition failure;
    private final Scope scope;
    private String previous = "skipped";

    private ExpressionWatcher(Properties properties, WatcherContext context) {
        this.scope = Scope.empty()
                .withMap("data", context::data)
                .withMap("facts", context::facts)
                .withText("identity", context::identity)
                .withQuery(
                        "get_fact", query -> Lookup.find(context.facts(), query).orElse(Value.nil()))
                .withClock(() -> context.time().wall().atZone(context.time().zone()));
        this.success = read(properties, "success_when");
        this.failure = read(properties, "fail_when");
        boolean none = properties.text("success_when").orElse("").isEmpty()
                && properties.text("fail_when").orElse("").isEmpty();
        Duration interval = context.interval().orElse(LEAST);
        if (interval.compareTo(LEAST) < 0) {
            properties.problem("", "interval should be more than 1 second: " + Durations.print(interval));
        }
        if (none) {
            properties.problem("", "success_when or fail_when is required");
        }
    }

    private @Nullable Condition read(Properties properties, String name) {
        String text = properties.text(name).orElse("");
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Expression.parse(text, scope)::test;
        } catch (PortException.Refused e) {
            // the original finds out at each evaluation: who has such a machine gets the same events
            properties.doubt(name, String.valueOf(e.getMessage()));
            return _ -> {
                throw e;
            };
        }
    }

    /** What was read, or why it cannot hold. */
    private interface Condition {
        boolean test(Scope scope);
    }

    @Override
    public Outcome check(Trigger trigger) {
        String before = previous;
        try {
            if (success != null && success.test(scope)) {
                previous = "success_when";
                return new Outcome.Succeeded(previous, true, !before.equals(previous), null);
            }
            if (failure != null && failure.test(scope)) {
                previous = "failed_when";
                return new Outcome.Failed(
                        previous, "expression.failed-when: fail_when holds", true, !before.equals(previous), null);
            }
        } catch (PortException e) {
            previous = "error";
            return new Outcome.Failed(previous, e.code() + ": " + e.getMessage(), true, false, null);
        }
        previous = "no_match";
        return new Outcome.Unchanged(previous);
    }

    @Override
    public boolean stateChanged(boolean active) {
        if (!active) {
            // who comes back to its states is told anew
            previous = "skipped";
        }
        return false;
    }

    @Override
    public Value.Obj state() {
        return Value.obj("previous_outcome", Value.text(previous));
    }

    /** The kind. */
    record Type() implements WatcherType {
        @Override
        public String name() {
            return "expression";
        }

        @Override
        public boolean quick() {
            return true;
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(LEAST, Duration.ofSeconds(10), false, false, true);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new ExpressionWatcher(properties, context);
        }
    }
}
