package io.machineroom.domain.authoring;

import io.machineroom.domain.expression.Nearest;
import io.machineroom.domain.machine.MachineDefinition.Subscription;
import io.machineroom.domain.machine.MachineDefinition.Transition;
import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.domain.watcher.WatcherSpec.ForeignState;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules about machines that need each other; what is not among the machines given is not judged. */
final class NeighbourRules {
    private final Map<String, Subject> byName = new HashMap<>();

    NeighbourRules(List<Subject> all) {
        for (Subject subject : all) {
            Subject before = byName.putIfAbsent(subject.machine().name(), subject);
            if (before != null) {
                subject.fault(
                        "name-twice",
                        "name",
                        "the machine of " + before.sheet().file() + " has the name '"
                                + subject.machine().name() + "' as well",
                        "other machines only see the first of a name: rename one");
            }
        }
    }

    void look(Subject subject) {
        for (WatcherSpec watcher : subject.machine().watchers()) {
            for (int i = 0; i < watcher.foreignStates().size(); i++) {
                String at = Subject.at(watcher, "foreign_state_required[" + i + "]");
                required(subject, watcher, watcher.foreignStates().get(i), at);
            }
        }
        List<Transition> transitions = subject.machine().transitions();
        for (int i = 0; i < transitions.size(); i++) {
            List<Subscription> subscriptions = transitions.get(i).subscribe();
            for (int j = 0; j < subscriptions.size(); j++) {
                subscribed(subject, subscriptions.get(j), "transitions[" + i + "].subscribe[" + j + "].event");
            }
        }
        deadlock(subject);
        loop(subject);
    }

    private void required(Subject subject, WatcherSpec watcher, ForeignState required, String at) {
        Subject other = byName.get(required.machine());
        if (other == null) {
            absent(subject, required.machine(), at, "'" + watcher.name() + "' needs a state of");
            return;
        }
        if (required.state().isEmpty()) {
            return;
        }
        boolean known = other.table().states().contains(required.state());
        if (!known || !other.reachable().contains(required.state())) {
            subject.fault(
                    "foreign-state-unknown",
                    at,
                    "'" + watcher.name() + "' is never active: the machine '" + required.machine()
                            + (known ? "' never comes to the state '" : "' has no state '") + required.state() + "'",
                    "its states are " + other.reachable()
                            + Nearest.hint(required.state(), other.table().states()));
        }
        boolean otherHere = required.machine().equals(subject.machine().name());
        if (otherHere && known && !subject.active(watcher).contains(required.state())) {
            subject.fault(
                    "foreign-state-contradicts",
                    at,
                    "'" + watcher.name() + "' is never active: it needs its own machine in '" + required.state()
                            + "', which its state_match excludes",
                    "remove the requirement, or match that state");
        }
    }

    private void subscribed(Subject subject, Subscription subscription, String at) {
        Subject other = byName.get(subscription.machine());
        if (other == null) {
            absent(subject, subscription.machine(), at, "'" + subscription.event() + "' is of");
            return;
        }
        List<String> events =
                other.machine().transitions().stream().map(Transition::name).toList();
        if (!events.contains(subscription.event())) {
            subject.fault(
                    "subscription-unknown",
                    at,
                    "the machine '" + subscription.machine() + "' has no transition '" + subscription.event() + "'",
                    "its transitions are " + new LinkedHashSet<>(events) + Nearest.hint(subscription.event(), events));
        }
    }

    /** A machine that is not among those given: it may be elsewhere on the node, or nowhere. */
    private void absent(Subject subject, String machine, String at, String what) {
        if (!machine.isEmpty()) {
            subject.warning(
                    "machine-absent",
                    at,
                    what + " the machine '" + machine + "', which is not among those given"
                            + Nearest.hint(machine, byName.keySet()),
                    "check both together, and deploy both to the same nodes");
        }
    }

    /** Machines in a ring that each wait in their initial state for the next to leave its own; told by the first. */
    private void deadlock(Subject subject) {
        Map<Subject, Subject> before = new LinkedHashMap<>();
        Deque<Subject> next = new ArrayDeque<>(List.of(subject));
        while (!next.isEmpty()) {
            Subject one = next.removeFirst();
            for (Subject other : byName.values()) {
                boolean waits = !one.equals(other) && waitsFor(one, other);
                if (waits && other.equals(subject)) {
                    ring(subject, one, before);
                    return;
                }
                // a ring is told by the machine whose name comes first
                if (waits
                        && other.machine().name().compareTo(subject.machine().name()) > 0
                        && before.putIfAbsent(other, one) == null) {
                    next.addLast(other);
                }
            }
        }
    }

    private static void ring(Subject first, Subject last, Map<Subject, Subject> before) {
        Deque<String> names = new ArrayDeque<>();
        for (Subject at = last; at != null && !at.equals(first); at = before.get(at)) {
            names.addFirst("'" + at.machine().name() + "'");
        }
        names.addFirst("'" + first.machine().name() + "'");
        first.fault(
                "machines-deadlock",
                "initial_state",
                String.join(" and ", names) + " each wait in their initial state for the "
                        + (names.size() > 2 ? "next" : "other") + " to leave its own",
                "let one of them begin without the others");
    }

    private static boolean waitsFor(Subject subject, Subject other) {
        String initial = subject.machine().initialState();
        List<WatcherSpec> movers = subject.machine().watchers().stream()
                .filter(w -> subject.active(w).contains(initial))
                .filter(w -> Subject.fires(w).stream()
                        .anyMatch(e -> subject.table().destination(initial, e).isPresent()))
                .toList();
        boolean called = subject.machine().transitions().stream()
                .anyMatch(t -> t.from().contains(initial) && !t.subscribe().isEmpty());
        return !called
                && !movers.isEmpty()
                && movers.stream()
                        .allMatch(w -> w.foreignStates().stream()
                                .anyMatch(f -> f.machine()
                                                .equals(other.machine().name())
                                        && !f.state().equals(other.machine().initialState())));
    }

    /** A transition that, by way of subscriptions, fires itself again. */
    private void loop(Subject subject) {
        List<Transition> transitions = subject.machine().transitions();
        for (int i = 0; i < transitions.size(); i++) {
            Step start = new Step(subject.machine().name(), transitions.get(i).name());
            if (!transitions.get(i).subscribe().isEmpty() && firesItself(start)) {
                subject.warning(
                        "subscription-loop",
                        "transitions[" + i + "].subscribe",
                        "'" + start.event() + "' of '" + start.machine()
                                + "' leads back to itself through subscriptions",
                        "let one of the transitions end in a state from which the next is not possible");
                return;
            }
        }
    }

    private record Step(String machine, String event) {}

    private boolean firesItself(Step start) {
        Set<Step> seen = new HashSet<>();
        Deque<Step> next = new ArrayDeque<>(List.of(start));
        while (!next.isEmpty()) {
            Step step = next.removeFirst();
            for (Step then : follow(step)) {
                if (then.equals(start)) {
                    return true;
                }
                if (seen.add(then)) {
                    next.addLast(then);
                }
            }
        }
        return false;
    }

    /** What a transition brings about at once: by subscription, or by work that is done where it leads. */
    private Set<Step> follow(Step step) {
        Set<Step> out = new LinkedHashSet<>();
        for (Subject other : byName.values()) {
            String name = other.machine().name();
            for (Transition t : other.machine().transitions()) {
                if (t.subscribe().stream()
                        .anyMatch(s ->
                                s.machine().equals(step.machine()) && s.event().equals(step.event()))) {
                    out.add(new Step(name, t.name()));
                }
                if (name.equals(step.machine()) && t.name().equals(step.event())) {
                    for (WatcherSpec w : other.machine().watchers()) {
                        if (LoopRules.restless(other, w, t.destination())) {
                            out.add(new Step(name, w.success()));
                            out.add(new Step(name, w.failure()));
                        }
                    }
                }
            }
        }
        return out;
    }
}
