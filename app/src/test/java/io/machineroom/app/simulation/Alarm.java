package io.machineroom.app.simulation;

import org.jspecify.annotations.Nullable;

/** The first invariant that broke. Raised anywhere, also where the product would catch what is thrown; looked at after each step. */
final class Alarm {
    private @Nullable Broken first;

    void raise(Invariant invariant, String what) {
        if (first == null) {
            first = new Broken(invariant, what);
        }
    }

    /** Ends the run when one was raised. */
    void check() {
        Broken broken = first;
        if (broken != null) {
            throw broken;
        }
    }
}
