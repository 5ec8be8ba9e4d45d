package io.machineroom.domain.authoring;

import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.watcher.Durations;
import io.machineroom.ports.watcher.Properties;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Rules about work that waits for a governor's slot while it, or somebody it waits for, holds one. */
final class GovernorRules {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final List<Hold> holds = new ArrayList<>();

    /** All watchers of all machines that are given together. */
    GovernorRules(List<Subject> all) {
        Set<String> known = new LinkedHashSet<>();
        all.forEach(subject -> subject.machine().watchers().forEach(w -> known.add(text(w, "governor"))));
        known.remove("");
        for (Subject subject : all) {
            for (WatcherSpec watcher : subject.machine().watchers()) {
                String held = text(watcher, "governor");
                String asks = words(watcher).replaceFirst("^.*? governor run ", " ");
                boolean nested = !held.isEmpty() && words(watcher).contains(" governor run ");
                known.stream()
                        .filter(name -> nested && !name.equals(held) && asks.contains(" " + name + " "))
                        .forEach(name -> holds.add(new Hold(subject, watcher, held, name)));
            }
        }
    }

    /** A watcher that holds a slot of one governor while its command asks for one of another. */
    private record Hold(Subject subject, WatcherSpec watcher, String held, String asked) {}

    private static String words(WatcherSpec watcher) {
        return " " + text(watcher, "command").replaceAll("[\"']", " ").replaceAll("\\s+", " ") + " ";
    }

    void look(Subject subject) {
        List<WatcherSpec> governed = new ArrayList<>();
        for (WatcherSpec watcher : subject.machine().watchers()) {
            String name = text(watcher, "governor");
            if (name.isEmpty()) {
                continue;
            }
            String words = words(watcher);
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
        holds.stream().filter(hold -> hold.subject().equals(subject)).forEach(this::crossed);
    }

    /** Two that hold what the other asks for, perhaps by way of others. */
    private void crossed(Hold first) {
        Set<String> seen = new HashSet<>(Set.of(first.asked()));
        Deque<String> next = new ArrayDeque<>(seen);
        while (!next.isEmpty()) {
            String name = next.removeFirst();
            for (Hold hold : holds) {
                if (!hold.held().equals(name)) {
                    continue;
                }
                if (hold.asked().equals(first.held())) {
                    first.subject()
                            .fault(
                                    "governor-crossed",
                                    first.watcher().path() + ".governor",
                                    "'" + first.watcher().name() + "' holds governor '" + first.held()
                                            + "' and asks for '" + first.asked() + "', while '"
                                            + hold.watcher().name() + "' of "
                                            + hold.subject().machine().name()
                                            + " holds '" + hold.held() + "' and asks for '" + hold.asked()
                                            + "': with one slot each they wait for each other",
                                    "take both slots in the same order everywhere, or use one governor for both");
                    return;
                }
                if (seen.add(hold.asked())) {
                    next.addLast(hold.asked());
                }
            }
        }
    }

    private static void share(Subject subject, WatcherSpec first, WatcherSpec second, String name) {
        Set<String> both = subject.active(first);
        both.retainAll(subject.active(second));
        if (!text(first, "governor").equals(name) || both.isEmpty()) {
            return;
        }
        Duration patience = WatcherRules.duration(second, "governor_timeout").orElse(PATIENCE);
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
