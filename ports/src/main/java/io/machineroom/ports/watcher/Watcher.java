package io.machineroom.ports.watcher;

import io.machineroom.ports.data.Value;

/**
 * Checks one fact of the world. Two checks of one watcher never overlap; a check may block. It starts
 * no tasks, holds no timers and fires no transitions: it answers, and its runner does the rest.
 */
public interface Watcher extends AutoCloseable {
    /** Looks now. Interrupted when the machine stops. */
    Outcome check(Trigger trigger) throws InterruptedException;

    /**
     * The machine's state changed, or the gate (state and foreign state) opened or closed. Called before
     * a check for it, also while the watcher is inactive, and once before the first check; must be quick.
     *
     * @param active whether the watcher may act in the state now
     * @return whether its state is to be announced for it
     */
    default boolean stateChanged(boolean active) {
        return false;
    }

    /**
     * Whether it is to be asked in the state that the machine has just entered, although its gate is closed. Called
     * after {@link #stateChanged}; must not block.
     */
    default boolean insists() {
        return false;
    }

    /** The kind's own fields of its state event, in order (spec 5.4). Must not block. */
    Value.Obj state();

    /** Lets go of what it holds. */
    @Override
    default void close() {}

    /** Why it is asked. */
    enum Trigger {
        /** The machine started. */
        START,
        /** Its interval passed. */
        INTERVAL,
        /** Its machine changed state. */
        STATE_CHANGED,
        /** It woke itself, or the time passed that its last outcome asked for. */
        WOKEN,
        /** Somebody switched it on. */
        ON,
        /** Somebody switched it off. */
        OFF
    }
}
