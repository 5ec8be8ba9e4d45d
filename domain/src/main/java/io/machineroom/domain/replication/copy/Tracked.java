package io.machineroom.domain.replication.copy;

import java.time.Instant;

/**
 * What is known of one sender.
 *
 * @param seen when something of it came last
 * @param copied when something of it was copied last; the beginning of time: never
 * @param advised whether a timeout was advised since it was seen
 * @param size bytes of its last message
 */
record Tracked(Instant seen, Instant copied, boolean advised, long size) {
    /** Stands for never, as the state files of the original write it. */
    static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    static final Tracked UNKNOWN = new Tracked(NEVER, NEVER, false, 0);

    Tracked seenAt(Instant now, long bytes) {
        return new Tracked(now, copied, advised, bytes);
    }

    Tracked copiedAt(Instant now) {
        return new Tracked(seen, now, advised, size);
    }

    Tracked withAdvised(boolean now) {
        return new Tracked(seen, copied, now, size);
    }
}
