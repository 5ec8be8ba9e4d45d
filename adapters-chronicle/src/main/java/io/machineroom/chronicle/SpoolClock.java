package io.machineroom.chronicle;

import io.machineroom.ports.runtime.TimeSource;

/** The spool's own clock: counts while it is open and goes on where it stopped; no wall clock can move it. */
final class SpoolClock {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final TimeSource time;
    private final long startTicks;
    private final long startMillis;

    SpoolClock(TimeSource time, long startMillis) {
        this.time = time;
        this.startTicks = time.ticks();
        this.startMillis = startMillis;
    }

    long millis() {
        return startMillis + (time.ticks() - startTicks) / NANOS_PER_MILLI;
    }
}
