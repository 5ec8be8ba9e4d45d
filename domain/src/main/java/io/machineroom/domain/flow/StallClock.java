package io.machineroom.domain.flow;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;

/**
 * For how long receipts have stood still. Time during which the line behind the next hop is known to be down does not count: no
 * receipt can come then. One task.
 */
final class StallClock {
    private final TimeSource time;
    private final Backoff patience;
    private long movedAt;
    private long lookedAt;
    private int stalled;

    StallClock(TimeSource time, PumpSettings settings) {
        this.time = time;
        this.patience = Backoff.doubling(settings.stallAfter(), PumpSettings.LONGEST_STALL);
        moved();
    }

    /** Something moved, or begins to. */
    void moved() {
        movedAt = time.ticks();
        lookedAt = movedAt;
    }

    /** A receipt let something go: the next stall is the first again. */
    void progress() {
        moved();
        stalled = 0;
    }

    /** To be called often; {@code down} while nothing can move. */
    void look(boolean down) {
        long now = time.ticks();
        if (down) {
            movedAt += now - lookedAt;
        }
        lookedAt = now;
    }

    /** Whether it is time to go back; then it is counted. */
    boolean stalled() {
        if (still().compareTo(patience.plain(stalled)) < 0) {
            return false;
        }
        stalled++;
        return true;
    }

    /** For how long nothing moved. */
    Duration still() {
        return Duration.ofNanos(time.ticks() - movedAt);
    }
}
