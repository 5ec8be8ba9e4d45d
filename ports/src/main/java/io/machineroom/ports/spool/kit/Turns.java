package io.machineroom.ports.spool.kit;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How tasks take turns at a spool, and wait for news of it: a lock with a condition, or what a simulation has instead. */
public interface Turns {
    /** Does the work while nobody else does any. Not interrupted; may be called in a turn. */
    <T> T alone(Supplier<T> work);

    /** Waits until the condition, asked alone, holds or the time is over. */
    void await(BooleanSupplier condition, Duration limit) throws InterruptedException;

    /** A condition that somebody awaits may hold now. Called alone. */
    void changed();
}
