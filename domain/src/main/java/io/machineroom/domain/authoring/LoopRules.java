package io.machineroom.domain.authoring;

import io.machineroom.domain.watcher.WatcherSpec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules about machines that never rest. */
final class LoopRules {
    private LoopRules() {}

    static void look(Subject subject) {
        if (!livelock(subject)) {
            storm(subject);
        }
    }

    /** Kinds that work at every entry of a state, and whose every run fires one of their transitions. */
    private static final Set<String> RESTLESS = Set.of("exec", "archive");

    /** Work that is done at every entry of a state and leaves it whatever comes of it. */
    static boolean restless(Subject subject, WatcherSpec watcher, String state) {
        return RESTLESS.contains(watcher.type())
                && watcher.foreignStates().isEmpty()
                && subject.active(watcher).contains(state)
                && leads(subject, state, watcher.success()).isPresent()
                && leads(subject, state, watcher.failure()).isPresent();
    }

    private static Optional<String> leads(Subject subject, String state, String event) {
        return subject.table().destination(state, event).filter(to -> !to.equals(state));
    }

    /** States that only lead to each other, at once and whatever happens: the greatest such set. */
    private static boolean livelock(Subject subject) {
        Set<String> set = new LinkedHashSet<>(subject.reachable());
        boolean smaller = true;
        while (smaller) {
            smaller = set.removeIf(state -> subject.machine().watchers().stream()
                    .noneMatch(w -> restless(subject, w, state)
                            && set.containsAll(List.of(
                                    leads(subject, state, w.success()).orElseThrow(),
                                    leads(subject, state, w.failure()).orElseThrow()))));
        }
        if (set.isEmpty()) {
            return false;
        }
        WatcherSpec first = subject.machine().watchers().stream()
                .filter(w -> set.stream().anyMatch(state -> restless(subject, w, state)))
                .findFirst()
                .orElseThrow();
        subject.fault(
                "livelock",
                Subject.at(first, ""),
                "commands move the machine round " + set + " without end, whether they succeed or fail",
                "let one of the commands stay in its state, or wait there with a timer or a schedule");
        return true;
    }

    /** A ring of states in which every command is followed by the next as long as all succeed. */
    private static void storm(Subject subject) {
        for (WatcherSpec watcher : subject.machine().watchers()) {
            for (String state : subject.active(watcher)) {
                if (!quick(watcher)) {
                    continue;
                }
                Optional<String> next = leads(subject, state, watcher.success());
                if (next.isPresent() && comesBack(subject, next.get(), state)) {
                    subject.warning(
                            "storm",
                            Subject.at(watcher, "success_transition"),
                            "as long as its commands succeed, the machine runs from '" + state + "' round to '" + state
                                    + "' without a pause",
                            "wait somewhere on the way: with a timer, a schedule, or by staying in a state");
                    return;
                }
            }
        }
    }

    private static boolean quick(WatcherSpec watcher) {
        return RESTLESS.contains(watcher.type()) && watcher.foreignStates().isEmpty();
    }

    private static boolean comesBack(Subject subject, String from, String to) {
        Set<String> seen = new LinkedHashSet<>(List.of(from));
        Deque<String> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            String state = next.removeFirst();
            if (state.equals(to)) {
                return true;
            }
            for (WatcherSpec watcher : subject.machine().watchers()) {
                if (quick(watcher) && subject.active(watcher).contains(state)) {
                    leads(subject, state, watcher.success()).filter(seen::add).ifPresent(next::addLast);
                }
            }
        }
        return false;
    }
}
