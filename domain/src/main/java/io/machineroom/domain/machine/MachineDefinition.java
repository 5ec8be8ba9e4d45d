package io.machineroom.domain.machine;

import io.machineroom.domain.watcher.WatcherSpec;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A machine as its manifest defines it, checked.
 *
 * @param name not empty
 * @param version not empty
 * @param initialState where it begins
 * @param transitions in file order, at least one
 * @param watchers in file order, at least one
 * @param splayStart upper bound of a random wait before its watchers start
 * @param persistState whether state and last outcomes survive a restart of the agent; off in the original
 */
public record MachineDefinition(
        String name,
        String version,
        String initialState,
        List<Transition> transitions,
        List<WatcherSpec> watchers,
        Duration splayStart,
        boolean persistState) {
    public MachineDefinition {
        transitions = List.copyOf(transitions);
        watchers = List.copyOf(watchers);
    }

    /** Names of the machines whose moves it listens to, or whose states its watchers need. */
    public Set<String> heard() {
        Set<String> out = new HashSet<>();
        transitions.forEach(t -> t.subscribe().forEach(s -> out.add(s.machine())));
        watchers.forEach(w -> w.foreignStates().forEach(f -> out.add(f.machine())));
        return Set.copyOf(out);
    }

    /**
     * A way from some states to another.
     *
     * @param name the event that takes it; several may have one name
     * @param from states in which it is possible
     * @param destination where it leads
     * @param description for people
     * @param subscribe transitions of other machines that fire it
     */
    public record Transition(
            String name, List<String> from, String destination, String description, List<Subscription> subscribe) {
        public Transition {
            from = List.copyOf(from);
            subscribe = List.copyOf(subscribe);
        }
    }

    /** A transition of a machine of this host, its own included. */
    public record Subscription(String machine, String event) {}
}
