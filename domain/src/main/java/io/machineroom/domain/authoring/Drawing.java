package io.machineroom.domain.authoring;

import io.machineroom.domain.machine.MachineDefinition;
import io.machineroom.domain.machine.MachineDefinition.Transition;
import io.machineroom.domain.machine.StateMachine;
import io.machineroom.domain.watcher.WatcherSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a diagram of a machine shows: states with the watchers that act in them, and arrows between them. */
record Drawing(String title, String initial, List<Node> nodes, List<Arrow> arrows) {
    Drawing {
        nodes = List.copyOf(nodes);
        arrows = List.copyOf(arrows);
    }

    /** A state. */
    record Node(String state, List<String> watchers) {
        Node {
            watchers = List.copyOf(watchers);
        }
    }

    /** A way from one state to another; several events that take it are one arrow. */
    record Arrow(int from, int to, String label) {}

    static Drawing of(MachineDefinition machine) {
        StateMachine table = StateMachine.of(machine.initialState(), machine.transitions());
        List<String> states = List.copyOf(table.states());
        List<Node> nodes = states.stream()
                .map(state -> new Node(state, watchers(machine, state)))
                .toList();
        Map<List<Integer>, List<String>> arrows = new LinkedHashMap<>();
        for (String from : states) {
            for (String event : table.available(from)) {
                int to = states.indexOf(table.destination(from, event).orElse(from));
                arrows.computeIfAbsent(List.of(states.indexOf(from), to), k -> new ArrayList<>())
                        .add(event + subscription(machine, event));
            }
        }
        List<Arrow> all = new ArrayList<>();
        arrows.forEach(
                (ends, events) -> all.add(new Arrow(ends.getFirst(), ends.getLast(), String.join(", ", events))));
        return new Drawing(machine.name() + " " + machine.version(), machine.initialState(), nodes, all);
    }

    private static List<String> watchers(MachineDefinition machine, String state) {
        return machine.watchers().stream()
                .filter(w -> w.stateMatch().contains(state))
                .map(w -> w.name() + " (" + w.type() + every(w) + ")")
                .toList();
    }

    private static String every(WatcherSpec watcher) {
        java.time.Duration interval = watcher.interval();
        return interval == null ? "" : ", " + io.machineroom.ports.watcher.Durations.print(interval);
    }

    private static String subscription(MachineDefinition machine, String event) {
        return machine.transitions().stream()
                .filter(t -> t.name().equals(event))
                .map(Transition::subscribe)
                .flatMap(List::stream)
                .map(s -> " (after " + s.machine() + "." + s.event() + ")")
                .findFirst()
                .orElse("");
    }
}
