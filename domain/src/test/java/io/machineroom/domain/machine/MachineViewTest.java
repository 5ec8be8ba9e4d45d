package io.machineroom.domain.machine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Outcome;
import org.junit.jupiter.api.Test;

/** What a machine need not be woken for. */
class MachineViewTest {
    private final Value.Obj state = Value.obj("path", Value.text("/x"));
    private final MachineView view =
            new MachineView("A", true, 1, Value.obj(), Value.obj("w", state.with("outcome", Value.text("unchanged"))));

    @Test
    void knowsWhatWasFoundLast() {
        assertTrue(view.knows("w", new Outcome.Unchanged("unchanged"), state));
    }

    @Test
    void doesNotKnowWhatDiffersOrIsTold() {
        assertFalse(view.knows("other", new Outcome.Unchanged("unchanged"), state));
        assertFalse(view.knows("w", new Outcome.Unchanged("skipped"), state));
        assertFalse(view.knows("w", new Outcome.Unchanged("unchanged"), Value.obj("path", Value.text("/y"))));
        assertFalse(view.knows("w", new Outcome.Unchanged("unchanged"), state.with("more", Value.num(1))));
        assertFalse(view.knows("w", new Outcome.Unchanged("unchanged", true, null), state));
        assertFalse(view.knows("w", new Outcome.Failed("unchanged", "x", false, false, null), state));
    }
}
