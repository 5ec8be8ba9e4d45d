package io.machineroom.ports.runtime;

import io.machineroom.ports.Port;
import java.time.Instant;
import java.time.ZoneId;

/** The two clocks. Wall time may jump; ticks never go back. */
@Port
public interface TimeSource {
    /** Wall time, for people and formats; never for deciding how long something took. */
    Instant wall();

    /** Monotonic nanoseconds from an arbitrary start. */
    long ticks();

    /** The host's time zone, for schedules. */
    default ZoneId zone() {
        return ZoneId.of("UTC");
    }
}
