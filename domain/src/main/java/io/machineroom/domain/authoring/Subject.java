package io.machineroom.domain.authoring;

import io.machineroom.domain.authoring.Finding.Severity;
import io.machineroom.domain.machine.MachineDefinition;
import io.machineroom.domain.machine.MachineDefinition.Transition;
import io.machineroom.domain.machine.StateMachine;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.data.Problem;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One machine under the eyes of the rules, with what several of them want to know. Lives as long as one look. */
final class Subject {
    /** Transitions that operators ask for, by the conventions of check machines and of shipped ones. */
    private static final Pattern OPERATORS = Pattern.compile("(?i)FORCE_CHECK|(.*_)?MAINTENANCE|RESUME");

    private static final List<String> STATUSES = List.of("OK", "WARNING", "CRITICAL", "UNKNOWN");

    private final Sheet sheet;
    private final MachineDefinition machine;
    private final StateMachine table;
    private final Set<String> reachable;
    private final List<Finding> out;

    Subject(Sheet sheet, MachineDefinition machine, List<Finding> out) {
        this.sheet = sheet;
        this.machine = machine;
        this.table = StateMachine.of(machine.initialState(), machine.transitions());
        this.reachable = reach(table);
        this.out = out;
    }

    private static Set<String> reach(StateMachine table) {
        Set<String> found = new LinkedHashSet<>(List.of(table.initial()));
        Deque<String> next = new ArrayDeque<>(found);
        while (!next.isEmpty()) {
            String state = next.removeFirst();
            for (String event : table.available(state)) {
                table.destination(state, event).filter(found::add).ifPresent(next::addLast);
            }
        }
        return found;
    }

    MachineDefinition machine() {
        return machine;
    }

    StateMachine table() {
        return table;
    }

    Sheet sheet() {
        return sheet;
    }

    /** States that some chain of transitions leads to. */
    Set<String> reachable() {
        return reachable;
    }

    /** Reachable states in which a watcher may act. */
    Set<String> active(WatcherSpec watcher) {
        Set<String> states = new LinkedHashSet<>(reachable);
        if (!watcher.stateMatch().isEmpty()) {
            states.retainAll(watcher.stateMatch());
        }
        return states;
    }

    /** Events that a watcher may fire. */
    static List<String> fires(WatcherSpec watcher) {
        switch (watcher.type()) {
            case "nagios" -> {
                return STATUSES;
            }
            case "gossip" -> {
                return List.of();
            }
            case "metric" -> {
                return watcher.failure().isEmpty() ? List.of() : List.of(watcher.failure());
            }
            default -> {}
        }
        return List.of(watcher.success(), watcher.failure()).stream()
                .filter(e -> !e.isEmpty())
                .distinct()
                .toList();
    }

    /** Whether a watcher, in a state where that is possible, a subscription or an operator's convention fires it. */
    boolean fired(Transition transition) {
        return OPERATORS.matcher(transition.name()).matches()
                || !transition.subscribe().isEmpty()
                || machine.watchers().stream()
                        .filter(w -> fires(w).contains(transition.name()))
                        .anyMatch(w -> w.type().equals("nagios")
                                || transition.from().stream().anyMatch(active(w)::contains));
    }

    /** Whether the machine can come into a state from another one. */
    boolean entered(String state) {
        return reachable.stream()
                .filter(from -> !from.equals(state))
                .anyMatch(from -> table.available(from).stream()
                        .anyMatch(event -> table.destination(from, event).equals(Optional.of(state))));
    }

    static String at(WatcherSpec watcher, String key) {
        String path = watcher.path();
        String above = path.substring(0, path.length() - ".properties".length());
        return key.isEmpty() ? above : above + "." + key;
    }

    void fault(String rule, String path, String message, String remedy) {
        found(Severity.FAULT, rule, path, message, remedy);
    }

    void warning(String rule, String path, String message, String remedy) {
        found(Severity.WARNING, rule, path, message, remedy);
    }

    private void found(Severity severity, String rule, String path, String message, String remedy) {
        Problem place = new Problem(
                path, sheet.document().lineOf(path), sheet.document().columnOf(path), message);
        out.add(new Finding(severity, rule, sheet.file(), place, remedy));
    }
}
