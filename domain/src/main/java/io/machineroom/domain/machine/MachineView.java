package io.machineroom.domain.machine;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Outcome;

/**
 * What others see of a machine: written by the machine's task, whole.
 *
 * @param startTime Unix seconds when its watchers started; 0 when not
 * @param watchers what its watchers found last, by name
 */
record MachineView(String state, boolean started, long startTime, Value.Obj data, Value.Obj watchers) {
    /**
     * Whether an outcome changes nothing, is told to nobody and is known already, as most are: a machine that woke for
     * each of them would cost more than its watchers.
     */
    boolean knows(String watcher, Outcome outcome, Value.Obj state) {
        if (!(outcome instanceof Outcome.Unchanged) || outcome.announce()) {
            return false;
        }
        return watchers.fields().get(watcher) instanceof Value.Obj known
                && known.fields().size() == state.fields().size() + 1
                && known.fields().get("outcome") instanceof Value.Text(String detail)
                && detail.equals(outcome.detail())
                && state.fields().entrySet().stream()
                        .allMatch(
                                field -> field.getValue().equals(known.fields().get(field.getKey())));
    }
}
