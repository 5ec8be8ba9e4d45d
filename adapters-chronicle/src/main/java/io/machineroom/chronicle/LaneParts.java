package io.machineroom.chronicle;

import io.machineroom.ports.stream.Lane;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the cursors of a lane share. */
final class LaneParts {
    private final Lane lane;
    private final JournalWriter writer;
    private final EpochTable epochs;
    private final Drops drops;
    private final Evidence evidence;
    private final @Nullable NewestIndex newest;

    /**
     * The parts of a lane.
     *
     * @param writer its journal, and how far it is published
     * @param drops what the bounds took out
     * @param evidence where damaged bytes go
     * @param newest in lane {@code NEWEST} what is superseded
     */
    LaneParts(
            Lane lane,
            JournalWriter writer,
            EpochTable epochs,
            Drops drops,
            Evidence evidence,
            @Nullable NewestIndex newest) {
        this.lane = lane;
        this.writer = writer;
        this.epochs = epochs;
        this.drops = drops;
        this.evidence = evidence;
        this.newest = newest;
    }

    Lane lane() {
        return lane;
    }

    Journal journal() {
        return writer.journal();
    }

    Supplier<LaneTail> tail() {
        return writer::tail;
    }

    EpochTable epochs() {
        return epochs;
    }

    Drops drops() {
        return drops;
    }

    Evidence evidence() {
        return evidence;
    }

    @Nullable NewestIndex newest() {
        return newest;
    }

    /** A cursor that shows superseded records as voids. */
    LaneCursor cursor(Place start) {
        return new LaneCursor(this, newest, start);
    }

    /** A cursor that shows each record as it lies there. */
    LaneCursor plainCursor(Place start) {
        return new LaneCursor(this, null, start);
    }
}
