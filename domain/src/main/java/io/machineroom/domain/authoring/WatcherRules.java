package io.machineroom.domain.authoring;

import io.machineroom.domain.machine.StateMachine;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Properties;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules about single watchers and the transitions they fire. */
final class WatcherRules {
    /** Kinds that act on a change of state or at an interval, and at no other time. */
    private static final Set<String> NEED_A_REASON = Set.of("exec");

    /** Kinds whose work may fail, so that somebody has to think of it. */
    private static final Set<String> MAY_FAIL = Set.of("exec", "archive", "plugins", "ccm_manifest");

    private WatcherRules() {}

    static void look(Subject subject) {
        for (WatcherSpec watcher : subject.machine().watchers()) {
            Set<String> active = subject.active(watcher);
            if (active.isEmpty()) {
                subject.fault(
                        "watcher-never-active",
                        Subject.at(watcher, "state_match"),
                        "watcher '" + watcher.name() + "' matches only states that the machine never comes to",
                        "match one of " + subject.reachable());
                continue;
            }
            neverAsked(subject, watcher, active);
            foreign(subject, watcher);
            refused(subject, watcher, active, watcher.success(), "success_transition");
            refused(subject, watcher, active, watcher.failure(), "fail_transition");
            unhandled(subject, watcher, active);
            timing(subject, watcher);
            kind(subject, watcher);
        }
    }

    private static void neverAsked(Subject subject, WatcherSpec watcher, Set<String> active) {
        boolean needs = NEED_A_REASON.contains(watcher.type())
                && watcher.interval() == null
                && watcher.foreignStates().isEmpty();
        if (needs && active.stream().noneMatch(subject::entered)) {
            subject.warning(
                    "watcher-never-asked",
                    Subject.at(watcher, ""),
                    "watcher '" + watcher.name() + "' has no interval and no transition leads into a state it matches,"
                            + " so it never runs",
                    "give it an 'interval'");
        }
    }

    private static void foreign(Subject subject, WatcherSpec watcher) {
        List<WatcherSpec.ForeignState> required = watcher.foreignStates();
        for (int i = 0; i < required.size(); i++) {
            String at = Subject.at(watcher, "foreign_state_required[" + i + "]");
            if (required.get(i).machine().isEmpty() || required.get(i).state().isEmpty()) {
                subject.fault(
                        "foreign-state-incomplete",
                        at,
                        "watcher '" + watcher.name() + "' is never active: a required state needs machine and state",
                        "give both 'machine_name' and 'state'");
            }
            String machine = required.get(i).machine();
            String state = required.get(i).state();
            required.subList(0, i).stream()
                    .filter(other ->
                            other.machine().equals(machine) && !other.state().equals(state))
                    .findFirst()
                    .ifPresent(other -> subject.fault(
                            "foreign-state-contradicts",
                            at,
                            "watcher '" + watcher.name() + "' is never active: '" + machine + "' cannot be in '"
                                    + other.state() + "' and in '" + state + "' at once",
                            "require one of them; use two watchers for either"));
        }
    }

    private static void refused(Subject subject, WatcherSpec watcher, Set<String> active, String event, String key) {
        if (event.isEmpty()) {
            return;
        }
        StateMachine table = subject.table();
        List<String> not = active.stream()
                .filter(state -> table.destination(state, event).isEmpty())
                .toList();
        if (not.size() == active.size()) {
            subject.warning(
                    "transition-refused",
                    Subject.at(watcher, key),
                    "watcher '" + watcher.name() + "' fires '" + event + "', which is possible in none of its states "
                            + active,
                    "add 'from: " + active + "' to the transition, or let the watcher match other states");
        } else if (!not.isEmpty() && !watcher.stateMatch().isEmpty()) {
            subject.warning(
                    "transition-refused",
                    Subject.at(watcher, key),
                    "watcher '" + watcher.name() + "' fires '" + event + "', which is not possible in " + not,
                    "add those states to the 'from' of the transition, or take them out of 'state_match'");
        }
    }

    private static void unhandled(Subject subject, WatcherSpec watcher, Set<String> active) {
        boolean moves = !watcher.success().isEmpty() && watcher.failure().isEmpty();
        boolean repeats = watcher.interval() != null;
        if (!moves || repeats || !MAY_FAIL.contains(watcher.type())) {
            return;
        }
        for (String state : active) {
            boolean rescued = subject.machine().watchers().stream()
                    .filter(other ->
                            !other.equals(watcher) && subject.active(other).contains(state))
                    .flatMap(other -> Subject.fires(other).stream())
                    .anyMatch(event -> subject.table().destination(state, event).isPresent());
            if (!rescued) {
                subject.warning(
                        "failure-unhandled",
                        Subject.at(watcher, ""),
                        "when watcher '" + watcher.name() + "' fails once, the machine stays in '" + state
                                + "' for ever",
                        "add a 'fail_transition', an 'interval' to try again, or a timer");
                return;
            }
        }
    }

    private static void timing(Subject subject, WatcherSpec watcher) {
        Duration interval = watcher.interval();
        Optional<Duration> timeout = duration(watcher, "timeout");
        if (interval != null && timeout.filter(t -> t.compareTo(interval) > 0).isPresent()) {
            subject.warning(
                    "interval-below-timeout",
                    Subject.at(watcher, "interval"),
                    "watcher '" + watcher.name() + "' may take " + Durations.print(timeout.get())
                            + ", longer than its interval of " + Durations.print(interval),
                    "make the interval longer than the timeout");
        }
        if (watcher.type().equals("exec") && interval == null && flag(watcher, "gather_initial_state")) {
            subject.warning(
                    "gather-needs-interval",
                    watcher.path() + ".gather_initial_state",
                    "gather_initial_state of '" + watcher.name() + "' needs an interval in other engines",
                    "give the watcher an 'interval'");
        }
        timeoutInNanoseconds(subject, watcher);
    }

    private static void timeoutInNanoseconds(Subject subject, WatcherSpec watcher) {
        watcher.properties().fields().forEach((name, value) -> {
            boolean time = name.matches("(?i)(.*_)?(timeout|duration|interval|timer|splay)");
            if (time
                    && value instanceof Value.Num n
                    && n.value().signum() > 0
                    && n.value().longValue() < 1_000_000) {
                subject.fault(
                        "duration-nanoseconds",
                        watcher.path() + "." + name,
                        "a number without a unit counts nanoseconds: " + name + " is "
                                + n.value().toPlainString() + " ns",
                        "write it with a unit, '" + n.value().toPlainString() + "s'");
            }
        });
    }

    private static void kind(Subject subject, WatcherSpec watcher) {
        boolean silent = Subject.fires(watcher).isEmpty() && watcher.announce() == null;
        if (silent && Set.of("timer", "schedule", "expression").contains(watcher.type())) {
            subject.warning(
                    "watcher-without-effect",
                    Subject.at(watcher, ""),
                    "the " + watcher.type() + " '" + watcher.name() + "' fires no transition, so it changes nothing",
                    watcher.type().equals("timer") ? "add a 'fail_transition'" : "add a transition");
        }
        boolean alone = subject.machine().watchers().stream()
                .filter(other -> !other.equals(watcher))
                .allMatch(other ->
                        Set.of("timer", "schedule", "kv", "httpswitch", "file").contains(other.type())
                                && !String.valueOf(other.properties()).contains("data."));
        if (silent && watcher.type().equals("kv") && alone) {
            subject.warning(
                    "watcher-without-effect",
                    Subject.at(watcher, ""),
                    "the kv watcher '" + watcher.name() + "' fires no transition, and nothing reads what it brings",
                    "add a transition, or a watcher that uses its data");
        }
        if (watcher.type().equals("timer") && watcher.stateMatch().isEmpty()) {
            subject.warning(
                    "timer-everywhere",
                    Subject.at(watcher, ""),
                    "the timer '" + watcher.name() + "' matches every state, so each transition starts it anew",
                    "name the states it limits under 'state_match'");
        }
        if (watcher.type().equals("nagios")) {
            Subject.fires(watcher).stream()
                    .filter(status -> subject.machine().transitions().stream()
                            .noneMatch(t -> t.name().equals(status)))
                    .forEach(status -> subject.warning(
                            "status-without-transition",
                            Subject.at(watcher, ""),
                            "the check '" + watcher.name() + "' fires '" + status
                                    + "', but no transition has that name",
                            "add a transition '" + status + "'"));
        }
    }

    /** A duration of a property, when there is one that can be read. */
    static Optional<Duration> duration(WatcherSpec watcher, String name) {
        Properties properties = new Properties(watcher.properties(), watcher.path(), path -> 0);
        Duration read = properties.duration(name, Duration.ZERO);
        return properties.faults().isEmpty() && read.isPositive() ? Optional.of(read) : Optional.empty();
    }

    private static boolean flag(WatcherSpec watcher, String name) {
        return new Properties(watcher.properties(), watcher.path(), path -> 0).bool(name, false);
    }
}
