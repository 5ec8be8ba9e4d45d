package io.machineroom.domain.watcher;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;

/** When a watcher that keeps its own rhythm acts next. Owned by the watcher's task. */
final class Due {
    private final TimeSource time;
    private long at;

    /** First after that time. */
    Due(TimeSource time, Duration first) {
        this.time = time;
        in(first);
    }

    void in(Duration wait) {
        at = time.ticks() + wait.toNanos();
    }

    /** Leaves out what was due meanwhile; nothing when the rhythm is not positive. */
    void skip(Duration rhythm) {
        long late = time.ticks() - at;
        if (late >= 0 && rhythm.isPositive()) {
            at += (late / rhythm.toNanos() + 1) * rhythm.toNanos();
        }
    }

    boolean now() {
        return time.ticks() - at >= 0;
    }

    /** Time until then; never negative. */
    Duration left() {
        return Duration.ofNanos(Math.max(0, at - time.ticks()));
    }
}
