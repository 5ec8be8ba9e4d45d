package io.machineroom.domain.flow;

import java.time.Duration;

/**
 * Bounds of a pump.
 *
 * @param batchMessages most messages of a batch; default 256
 * @param batchBytes most bytes of a batch, 4 KiB to 1 MiB; default 1 MiB
 * @param windowMessages most messages without a receipt; default 60,000
 * @param windowBytes most bytes without a receipt; default 64 MiB
 * @param stallAfter how long receipts may stand still before the pump goes back; doubles up to 15 min
 *     while nothing moves; 2 s to 15 min, default 60 s
 * @param rate most bytes a second by the time of the day; default free
 * @param idle how long one look into the spool waits; default 500 ms
 */
public record PumpSettings(
        int batchMessages,
        long batchBytes,
        long windowMessages,
        long windowBytes,
        Duration stallAfter,
        RateSchedule rate,
        Duration idle) {
    public static final Duration DEFAULT_STALL_AFTER = Duration.ofSeconds(60);
    public static final Duration LONGEST_STALL = Duration.ofMinutes(15);

    public PumpSettings {
        if (batchMessages < 1 || batchBytes < 1 || windowMessages < 1 || windowBytes < 1) {
            throw new IllegalArgumentException("bounds of a pump are at least 1");
        }
    }

    public static PumpSettings defaults() {
        return new PumpSettings(
                256, 1 << 20, 60_000, 64 << 20, DEFAULT_STALL_AFTER, RateSchedule.FREE, Duration.ofMillis(500));
    }

    public PumpSettings withStallAfter(Duration other) {
        return new PumpSettings(batchMessages, batchBytes, windowMessages, windowBytes, other, rate, idle);
    }

    public PumpSettings withRate(RateSchedule other) {
        return new PumpSettings(batchMessages, batchBytes, windowMessages, windowBytes, stallAfter, other, idle);
    }
}
