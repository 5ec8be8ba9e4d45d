package io.machineroom.ports.spool;

import io.machineroom.ports.stream.Lane;
import java.util.EnumMap;
import java.util.Map;

/**
 * What may wait in a spool: in all, and in each lane.
 *
 * @param maxBytes undelivered bytes over all lanes; default 1 GiB
 * @param maxRecords undelivered records over all lanes; default 5,000,000
 * @param lanes bounds of single lanes; a lane that is not named has none of its own
 */
public record SpoolBounds(long maxBytes, long maxRecords, Map<Lane, LaneLimits> lanes) {
    public SpoolBounds {
        if (maxBytes < 1 || maxRecords < 1) {
            throw new IllegalArgumentException("a spool of " + maxBytes + " bytes, " + maxRecords + " records");
        }
        Map<Lane, LaneLimits> copy = new EnumMap<>(Lane.class);
        copy.putAll(lanes);
        lanes = java.util.Collections.unmodifiableMap(copy);
    }

    /** 1 GiB and 5,000,000 records. */
    public static SpoolBounds defaults() {
        return of(1L << 30, 5_000_000);
    }

    /** Bounds over all lanes only. */
    public static SpoolBounds of(long maxBytes, long maxRecords) {
        return new SpoolBounds(maxBytes, maxRecords, Map.of());
    }

    /** The same with other limits of a lane. */
    public SpoolBounds with(Lane lane, LaneLimits limits) {
        Map<Lane, LaneLimits> more = new EnumMap<>(Lane.class);
        more.putAll(lanes);
        more.put(lane, limits);
        return new SpoolBounds(maxBytes, maxRecords, more);
    }

    /** The limits of a lane. */
    public LaneLimits lane(Lane lane) {
        return lanes.getOrDefault(lane, LaneLimits.NONE);
    }
}
