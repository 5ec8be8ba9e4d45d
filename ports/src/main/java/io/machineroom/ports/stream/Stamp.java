package io.machineroom.ports.stream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The place of a message, or of a void, in its node's history (architecture 2.22). Given by the
 * spool's one writer, never changed afterwards.
 *
 * @param epoch the opening in which it was appended
 * @param previous the last non-empty opening of this lineage and lane before it, with its last number;
 *     null for the first
 * @param lane the lane
 * @param from first number covered, from 1
 * @param through last number covered; equals {@code from} unless this is a void
 * @param voidCause why these numbers will never be sent ({@code overflow}, {@code expired},
 *     {@code parked}, {@code damaged}); null for a message
 */
public record Stamp(
        Epoch epoch, @Nullable EpochEnd previous, Lane lane, long from, long through, @Nullable String voidCause) {
    public Stamp {
        if (from < 1 || through < from || (voidCause == null && through != from)) {
            throw new IllegalArgumentException("numbers " + from + ".." + through);
        }
    }

    public static Stamp message(Epoch epoch, @Nullable EpochEnd previous, Lane lane, long number) {
        return new Stamp(epoch, previous, lane, number, number, null);
    }

    public boolean isVoid() {
        return voidCause != null;
    }

    public Optional<String> cause() {
        return Optional.ofNullable(voidCause);
    }

    /** The same numbers, declared void. */
    public Stamp voided(String cause) {
        return new Stamp(epoch, previous, lane, from, through, cause);
    }

    /**
     * How an earlier opening ended.
     *
     * @param epoch that opening
     * @param last the last number it assigned in the lane
     */
    public record EpochEnd(Epoch epoch, long last) {}
}
