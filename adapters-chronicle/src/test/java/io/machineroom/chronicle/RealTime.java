package io.machineroom.chronicle;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Instant;

/** The clocks of this JVM. */
record RealTime() implements TimeSource {
    @Override
    public Instant wall() {
        return Instant.now();
    }

    @Override
    public long ticks() {
        return System.nanoTime();
    }
}
