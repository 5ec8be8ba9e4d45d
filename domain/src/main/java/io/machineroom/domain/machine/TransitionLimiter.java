package io.machineroom.domain.machine;

import io.machineroom.ports.runtime.Entropy;
import java.time.Duration;

/**
 * Slows a machine that changes state without a quiet minute (spec 2.4). Decides only; its machine waits, and goes on
 * listening meanwhile. Confined to the machine's task.
 */
final class TransitionLimiter {
    private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int[] DELAY_MILLIS = {
        0, 25, 50, 75, 100, 125, 150, 200, 250, 500, 750, 1000, 1500, 2000, 2500, 3000, 3500, 4000, 4500, 5000
    };

    private final Entropy entropy;
    private int count;
    private long quietAt;
    private boolean begun;

    TransitionLimiter(Entropy entropy) {
        this.entropy = entropy;
    }

    /** Counts a transition that is about to happen and says how long it has to wait, from half to one and a half. */
    Duration delay(long now) {
        if (!begun) {
            begun = true;
            quietAt = now + QUIET_NANOS;
        } else if (now - quietAt >= 0) {
            count = 0;
            // the original's timer goes on by itself, minute by minute, while nobody starts it anew
            quietAt += QUIET_NANOS * (1 + (now - quietAt) / QUIET_NANOS);
        }
        long millis = DELAY_MILLIS[Math.min(count, DELAY_MILLIS.length - 1)];
        Duration delay = millis == 0 ? Duration.ZERO : Duration.ofMillis(millis / 2 + entropy.below(millis));
        if (count > 0) {
            quietAt = now + delay.toNanos() + QUIET_NANOS;
        }
        count++;
        return delay;
    }

    /** Transitions since the last quiet minute. */
    int count() {
        return count;
    }
}
