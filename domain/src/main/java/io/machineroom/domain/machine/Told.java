package io.machineroom.domain.machine;

import io.machineroom.domain.watcher.WatcherSpec;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.watcher.Outcome;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a machine is told. */
sealed interface Told {
    /**
     * A watcher found something; without outcome it only wants its state announced. Answered when the transition that
     * follows, if any, has happened or was dropped.
     */
    record Found(
            WatcherSpec watcher,
            String eventVersion,
            @Nullable Outcome outcome,
            Value.Obj state,
            Mailbox<Boolean> answer)
            implements Told {}

    /** Set some keys of the data and remove others; answered when it is on disk or failed. */
    record Keep(Value.Obj values, List<String> gone, Mailbox<Optional<PortException>> answer) implements Told {
        public Keep {
            gone = List.copyOf(gone);
        }
    }

    /** Some machine of the host made a transition. */
    record Moved(String machine, String event) implements Told {}

    /** A watcher's task ended by itself. */
    record Ended(String watcher, String reason) implements Told {}

    /** Somebody pressed a switch, which the host has found and open. */
    record Pressed(String watcher, boolean on) implements Told {}

    /** Somebody wants a transition; answered when it has happened or will not. */
    record Wanted(String transition, Mailbox<Settled> answer) implements Told {}

    /** What became of a transition that was wanted. */
    enum Settled {
        /** The machine is in another state. */
        MOVED,
        /** It leads to the state that the machine is in, so nothing happened. */
        STAYED,
        /** It is not possible in the state. */
        REFUSED,
        /** Too many were waiting. */
        DROPPED,
        /** None was wanted. */
        NOTHING
    }
}
