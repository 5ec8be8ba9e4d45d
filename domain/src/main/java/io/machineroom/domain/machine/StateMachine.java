package io.machineroom.domain.machine;

import io.machineroom.domain.machine.MachineDefinition.Transition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The table of a machine: state and event to state. Of two entries for one state and event the later one counts.
 * Immutable and pure.
 */
public final class StateMachine {
    private final String initial;
    private final Set<String> states;
    private final Map<String, Map<String, String>> table;

    private StateMachine(String initial, Set<String> states, Map<String, Map<String, String>> table) {
        this.initial = initial;
        this.states = states;
        this.table = table;
    }

    /** The table of a definition. */
    public static StateMachine of(String initialState, List<Transition> transitions) {
        Set<String> states = new LinkedHashSet<>();
        states.add(initialState);
        Map<String, Map<String, String>> table = new LinkedHashMap<>();
        for (Transition transition : transitions) {
            for (String from : transition.from()) {
                states.add(from);
                table.computeIfAbsent(from, f -> new LinkedHashMap<>())
                        .put(transition.name(), transition.destination());
            }
            states.add(transition.destination());
        }
        return new StateMachine(initialState, states, table);
    }

    public String initial() {
        return initial;
    }

    /** All states that are named, in order of appearance. */
    public Set<String> states() {
        return java.util.Collections.unmodifiableSet(states);
    }

    /** Where an event leads from a state; empty when it cannot happen there. */
    public Optional<String> destination(String state, String event) {
        return Optional.ofNullable(table.getOrDefault(state, Map.of()).get(event));
    }

    /** Events that are possible in a state. */
    public List<String> available(String state) {
        return List.copyOf(table.getOrDefault(state, Map.of()).keySet());
    }

    /** Its diagram as PlantUML text. */
    public String plantUml() {
        Map<String, String> alias = new LinkedHashMap<>();
        StringBuilder out = new StringBuilder("@startuml\n");
        for (String state : states) {
            alias.put(state, "s" + alias.size());
            out.append("state \"")
                    .append(plain(state))
                    .append("\" as ")
                    .append(alias.get(state))
                    .append('\n');
        }
        out.append("[*] --> ").append(alias.get(initial)).append('\n');
        List<String> arrows = new ArrayList<>();
        table.forEach((from, events) -> events.forEach(
                (event, to) -> arrows.add(alias.get(from) + " --> " + alias.get(to) + " : " + plain(event) + "\n")));
        arrows.forEach(out::append);
        return out.append("@enduml\n").toString();
    }

    private static String plain(String text) {
        return text.replace("\"", "'").replace("\n", " ");
    }
}
