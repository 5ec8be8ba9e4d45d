package io.machineroom.chronicle;

import io.machineroom.ports.stream.Lane;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What cursors of a lane share.
 *
 * @param lane the lane
 * @param journal its records
 * @param tail how far they are published
 * @param epochs the openings
 * @param drops what the bounds took out
 * @param evidence where damaged bytes go
 */
record LaneParts(
        Lane lane, Journal journal, Supplier<LaneTail> tail, EpochTable epochs, Drops drops, Evidence evidence) {
    /** A cursor that shows each record as it lies there. */
    LaneCursor cursor(Place start) {
        return new LaneCursor(this, null, start);
    }

    /** A cursor that shows superseded records as voids. */
    LaneCursor cursor(@Nullable NewestIndex newest, Place start) {
        return new LaneCursor(this, newest, start);
    }
}
