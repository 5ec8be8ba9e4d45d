package io.machineroom.domain.authoring;

import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Properties;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Rules about machines that never rest, and about work that waits for itself. */
final class LoopRules {
    private static final Duration GOVERNOR_PATIENCE = Duration.ofMinutes(5);

    private LoopRules() {}

    static void look(Subject subject) {
        if (!livelock(subject)) {
            storm(subject);
        }
        governors(subject);
    }

    /** A command that runs at every entry of a state and leaves it whatever comes of it. */
    private static boolean restless(Subject subject, WatcherSpec watcher, String state) {
        return watcher.type().equals("exec")
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
        return watcher.type().equals("exec") && watcher.foreignStates().isEmpty();
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

    private static void governors(Subject subject) {
        List<WatcherSpec> governed = new ArrayList<>();
        for (WatcherSpec watcher : subject.machine().watchers()) {
            String name = text(watcher, "governor");
            if (name.isEmpty()) {
                continue;
            }
            String words =
                    " " + text(watcher, "command").replaceAll("[\"']", " ").replaceAll("\\s+", " ") + " ";
            if (words.contains("governor run") && words.contains(" " + name + " ")) {
                subject.fault(
                        "governor-self-deadlock",
                        watcher.path() + ".governor",
                        "'" + watcher.name() + "' holds a slot of governor '" + name
                                + "' while its command asks for another: with one slot it waits for itself",
                        "ask for the slot in one place only");
            }
            governed.forEach(other -> share(subject, other, watcher, name));
            governed.add(watcher);
        }
    }

    private static void share(Subject subject, WatcherSpec first, WatcherSpec second, String name) {
        Set<String> both = subject.active(first);
        both.retainAll(subject.active(second));
        if (!text(first, "governor").equals(name) || both.isEmpty()) {
            return;
        }
        Duration patience = WatcherRules.duration(second, "governor_timeout").orElse(GOVERNOR_PATIENCE);
        Duration work = WatcherRules.duration(first, "timeout").orElse(Duration.ofSeconds(1));
        if (work.compareTo(patience) >= 0) {
            subject.fault(
                    "governor-starvation",
                    second.path() + ".governor",
                    "'" + second.name() + "' waits " + Durations.print(patience) + " for governor '" + name
                            + "', which '" + first.name() + "' may hold for " + Durations.print(work),
                    "make its governor_timeout longer than the timeout of '" + first.name() + "'");
        } else {
            subject.warning(
                    "governor-shared",
                    second.path() + ".governor",
                    "'" + first.name() + "' and '" + second.name() + "' take slots of governor '" + name
                            + "' in the same states " + both + " and wait for each other",
                    "use governors of different names, or let them act in different states");
        }
    }

    private static String text(WatcherSpec watcher, String name) {
        return new Properties(watcher.properties(), watcher.path(), path -> 0)
                .text(name)
                .orElse("");
    }
}
