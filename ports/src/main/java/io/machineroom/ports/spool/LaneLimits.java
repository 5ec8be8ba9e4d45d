package io.machineroom.ports.spool;

import java.time.Duration;

/**
 * Bounds of one lane and what happens at them. Reaching a bound of the whole spool leads to the same. Whatever is
 * dropped leaves a durable void with its numbers: {@value #OVERFLOW}, {@value #EXPIRED} or {@value #SUPERSEDED}.
 *
 * @param maxBytes undelivered bytes
 * @param maxRecords undelivered records
 * @param maxAge how long a record may wait, counted on the spool's own clock, which no jump of the wall clock moves; it
 *     is dropped at the next {@link Spool#trim} or when room is needed. Zero: for ever
 * @param overflow what happens when there is no room
 */
public record LaneLimits(long maxBytes, long maxRecords, Duration maxAge, Overflow overflow) {
    /** Cause of the void in place of what was dropped for want of room. */
    public static final String OVERFLOW = "overflow";

    /** Cause of the void in place of what waited too long. */
    public static final String EXPIRED = "expired";

    /** Cause of the void in place of what a later record of the same subject replaces, in lane {@code NEWEST}. */
    public static final String SUPERSEDED = "superseded";

    /** No bounds; what is over those of the whole spool is refused. */
    public static final LaneLimits NONE =
            new LaneLimits(Long.MAX_VALUE, Long.MAX_VALUE, Duration.ZERO, Overflow.REFUSE);

    public LaneLimits {
        if (maxBytes < 1 || maxRecords < 1 || maxAge.isNegative()) {
            throw new IllegalArgumentException(
                    "a lane of " + maxBytes + " bytes, " + maxRecords + " records for " + maxAge);
        }
    }

    /** That many records at most, bytes and age free. */
    public static LaneLimits records(long maxRecords, Overflow overflow) {
        return new LaneLimits(Long.MAX_VALUE, maxRecords, Duration.ZERO, overflow);
    }

    /** What happens to an append that finds no room. */
    public enum Overflow {
        /** It is refused with {@code spool.full}. */
        REFUSE,
        /** The oldest records of the lane make room, a little more than needed so that it does not happen each time. */
        DROP_OLDEST,
        /** Those of its messages that do not fit become a void. */
        DROP_NEWEST
    }
}
