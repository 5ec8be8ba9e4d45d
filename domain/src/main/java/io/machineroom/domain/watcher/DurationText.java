package io.machineroom.domain.watcher;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations as Go prints them: {@code 1h0m0s}, {@code 2m0s}, {@code 1.5s}, {@code 500ms}. */
public final class DurationText {
    private static final long SECOND = 1_000_000_000L;

    private DurationText() {}

    /** The text of a duration of less than 292 years. */
    public static String of(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos == 0) {
            return "0s";
        }
        String sign = nanos < 0 ? "-" : "";
        long rest = Math.abs(nanos);
        if (rest < 1_000) {
            return sign + rest + "ns";
        }
        if (rest < 1_000_000) {
            return sign + decimal(rest, 3) + "µs";
        }
        if (rest < SECOND) {
            return sign + decimal(rest, 6) + "ms";
        }
        long hours = rest / (3_600 * SECOND);
        long minutes = rest / (60 * SECOND) % 60;
        String seconds = decimal(rest % (60 * SECOND), 9) + "s";
        if (hours > 0) {
            return sign + hours + "h" + minutes + "m" + seconds;
        }
        return minutes > 0 ? sign + minutes + "m" + seconds : sign + seconds;
    }

    private static String decimal(long unscaled, int scale) {
        BigDecimal number = BigDecimal.valueOf(unscaled, scale);
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }
}
