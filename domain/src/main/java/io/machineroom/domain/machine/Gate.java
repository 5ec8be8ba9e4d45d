package io.machineroom.domain.machine;

import io.machineroom.domain.machine.MachineSurroundings.Neighbours;
import io.machineroom.domain.watcher.WatcherSpec;

/** Whether a watcher may act (spec 1.4): by the state of its own machine, and by those of others. Stateless. */
final class Gate {
    private Gate() {}

    /** The state is matched and every required state of another machine holds; half a requirement never does. */
    static boolean open(WatcherSpec spec, String state, Neighbours neighbours) {
        boolean here = spec.stateMatch().isEmpty() || spec.stateMatch().contains(state);
        return here && spec.foreignStates().stream().allMatch(required -> holds(required, neighbours));
    }

    private static boolean holds(WatcherSpec.ForeignState required, Neighbours neighbours) {
        return !required.machine().isEmpty()
                && !required.state().isEmpty()
                && neighbours
                        .state(required.machine())
                        .filter(required.state()::equals)
                        .isPresent();
    }
}
