package io.machineroom.domain.authoring;

import io.machineroom.domain.machine.MachineDefinition.Transition;
import io.machineroom.domain.watcher.WatcherSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules about states and transitions. */
final class StateRules {
    private StateRules() {}

    static void look(Subject subject) {
        List<Transition> transitions = subject.machine().transitions();
        Set<String> told = new HashSet<>();
        for (int i = 0; i < transitions.size(); i++) {
            transition(subject, transitions.get(i), "transitions[" + i + "]", told);
        }
        ambiguous(subject);
        idle(subject);
        stuck(subject);
    }

    /** The same name from the same state twice: the later entry hides the earlier one. */
    private static void ambiguous(Subject subject) {
        Map<List<String>, String> ways = new HashMap<>();
        List<Transition> transitions = subject.machine().transitions();
        for (int i = 0; i < transitions.size(); i++) {
            Transition transition = transitions.get(i);
            for (int j = 0; j < transition.from().size(); j++) {
                String from = transition.from().get(j);
                String before = ways.put(List.of(transition.name(), from), transition.destination());
                if (before != null && !before.equals(transition.destination())) {
                    subject.fault(
                            "transition-ambiguous",
                            "transitions[" + i + "].from[" + j + "]",
                            "'" + transition.name() + "' leads from '" + from + "' to '" + before + "' and to '"
                                    + transition.destination() + "'; only the last counts",
                            "give one of them another name");
                }
            }
        }
    }

    private static void transition(Subject subject, Transition transition, String at, Set<String> told) {
        String name = transition.name();
        boolean possible = transition.from().stream().anyMatch(subject.reachable()::contains);
        for (int i = 0; i < transition.from().size(); i++) {
            unreachable(subject, transition.from().get(i), at + ".from[" + i + "]", told);
        }
        if (transition.from().isEmpty()) {
            subject.fault(
                    "transition-impossible",
                    at,
                    "transition '" + name + "' starts in no state, so it can never happen",
                    "list the states it leads away from under 'from'");
        } else if (!possible) {
            subject.fault(
                    "transition-impossible",
                    at + ".from",
                    "transition '" + name + "' starts only in states that the machine never comes to",
                    "add a transition that leads to one of " + transition.from() + ", or remove this one");
        }
        unreachable(subject, transition.destination(), at + ".destination", told);
        useless(subject, transition, at, possible);
    }

    private static void useless(Subject subject, Transition transition, String at, boolean possible) {
        String name = transition.name();
        if (transition.destination().isEmpty()) {
            subject.fault(
                    "state-nameless",
                    at,
                    "transition '" + name + "' leads to a state without a name",
                    "name its 'destination'");
        }
        if (possible && !subject.fired(transition)) {
            subject.warning(
                    "transition-unfired",
                    at,
                    "no subscription fires '" + name + "', and no watcher does in " + transition.from(),
                    "use it as a success_transition or fail_transition, or keep it for operators, who fire it by hand");
        }
        if (possible && transition.from().equals(List.of(transition.destination()))) {
            subject.warning(
                    "transition-to-itself",
                    at + ".destination",
                    "'" + name + "' leads back to the state it starts in: nothing is told and nobody is woken",
                    "lead it to another state, or remove it");
        }
    }

    private static void unreachable(Subject subject, String state, String at, Set<String> told) {
        if (!subject.reachable().contains(state) && told.add(state)) {
            subject.fault(
                    "state-unreachable",
                    at,
                    "the machine never comes to the state '" + state + "'",
                    "add a transition with 'destination: " + state + "' that starts in a state it does come to");
        }
    }

    /** Nothing acts in the initial state and nobody from outside moves the machine on. */
    private static void idle(Subject subject) {
        String initial = subject.machine().initialState();
        boolean watched = subject.machine().watchers().stream()
                .anyMatch(w -> w.type().equals("nagios") || subject.active(w).contains(initial) && asked(w));
        boolean called = subject.machine().transitions().stream()
                .anyMatch(t -> t.from().contains(initial) && !t.subscribe().isEmpty());
        if (!watched && !called) {
            boolean wayOut = !subject.table().available(initial).isEmpty();
            String message = "nothing acts in the initial state '" + initial + "' and no subscription leaves it";
            String remedy = "let a watcher match '" + initial + "'; an exec watcher there needs an 'interval'"
                    + (wayOut ? ", or fire one of " + subject.table().available(initial) + " by hand" : "");
            if (wayOut) {
                subject.warning("machine-idle", "initial_state", message, remedy);
            } else {
                subject.fault("machine-idle", "initial_state", message, remedy);
            }
        }
    }

    /** Whether it acts without having been told of a change. */
    private static boolean asked(WatcherSpec watcher) {
        return !watcher.type().equals("exec")
                || watcher.interval() != null
                || !watcher.foreignStates().isEmpty();
    }

    /** A state without a way out in which nothing acts either: the machine is dead from there. */
    private static void stuck(Subject subject) {
        for (String state : subject.reachable()) {
            boolean acted = subject.machine().watchers().stream()
                    .anyMatch(w -> subject.active(w).contains(state));
            if (subject.table().available(state).isEmpty()
                    && !acted
                    && !state.equals(subject.machine().initialState())) {
                subject.warning(
                        "state-dead",
                        leadsTo(subject, state),
                        "from '" + state + "' no transition leads on and no watcher acts in it",
                        "add a way back, or a watcher that acts in it");
            }
        }
    }

    private static String leadsTo(Subject subject, String state) {
        List<Transition> transitions = subject.machine().transitions();
        for (int i = 0; i < transitions.size(); i++) {
            if (transitions.get(i).destination().equals(state)) {
                return "transitions[" + i + "].destination";
            }
        }
        return "transitions";
    }
}
