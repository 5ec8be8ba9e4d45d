package io.machineroom.domain.machine;

import io.machineroom.domain.event.Events.MachineRef;
import io.machineroom.domain.event.Events.WatcherRef;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Outcome;
import java.util.LinkedHashSet;
import java.util.Set;

/** What one machine tells the world. Confined to the machine's task. */
final class MachineNews {
    private static final int MOST_REFUSALS = 256;

    private final MachineRef ref;
    private final MachineSurroundings around;
    private final Set<String> refused = new LinkedHashSet<>();

    MachineNews(MachineRef ref, MachineSurroundings around) {
        this.ref = ref;
        this.around = around;
    }

    void started(String state) {
        life("machine_started", state);
    }

    void stopped(String state) {
        life("machine_stopped", state);
    }

    void moved(String event, String from, String to) {
        around.out().accept(around.events().transition(ref, event, from, to));
    }

    /** Tells of a transition that is not possible, once for each state: a check may want it all day. */
    void refused(String event, String state) {
        if (refused.size() < MOST_REFUSALS && refused.add(event + "\n" + state)) {
            around.out()
                    .accept(around.events()
                            .product("transition_refused", about(state).with("transition", Value.text(event))));
        }
    }

    /** Tells the state of a watcher; with the reason when it is a failure's. */
    void watcher(Told.Found found) {
        Outcome outcome = found.outcome();
        if (outcome != null && !outcome.announce()) {
            return;
        }
        Value.Obj state =
                outcome instanceof Outcome.Failed failed && !failed.reason().isEmpty()
                        ? found.state().with("reason", Value.text(failed.reason()))
                        : found.state();
        WatcherRef watcher = new WatcherRef(
                found.watcher().type(), found.eventVersion(), found.watcher().name());
        around.out().accept(around.events().watcherState(ref, watcher, state));
    }

    private void life(String kind, String state) {
        around.out().accept(around.events().product(kind, about(state)));
    }

    private Value.Obj about(String state) {
        return Value.obj(
                        "machine", Value.text(ref.name()),
                        "version", Value.text(ref.version()),
                        "id", Value.text(ref.instance()))
                .with("state", Value.text(state));
    }
}
