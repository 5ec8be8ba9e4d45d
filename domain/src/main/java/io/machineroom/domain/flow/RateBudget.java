package io.machineroom.domain.flow;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.LocalTime;
import java.util.OptionalLong;

/**
 * Keeps what is sent within a rate that changes with the time of the day. A second of the rate may be used at once; what is sent beyond
 * is waited for before the next batch. The wall clock chooses the rate, the monotonic one counts. One task.
 */
public final class RateBudget {
    private static final long NANOS = 1_000_000_000L;

    private final RateSchedule schedule;
    private final TimeSource time;
    private long rate;
    private double left;
    private long at;

    /** A budget that is full. */
    public RateBudget(RateSchedule schedule, TimeSource time) {
        this.schedule = schedule;
        this.time = time;
        this.at = time.ticks();
    }

    /** Most bytes of a batch, so that a batch takes no more than a second: urgent is looked at before each. */
    public long batchBytes(long most) {
        refill();
        return rate == 0 ? most : Math.max(1, Math.min(most, rate));
    }

    /** How long until something may be sent; zero when at once. */
    public Duration wait(Duration most) {
        refill();
        if (rate == 0 || left > 0) {
            return Duration.ZERO;
        }
        Duration due = Duration.ofNanos((long) ((1 - left) * (double) NANOS / (double) rate));
        return due.compareTo(most) > 0 ? most : due;
    }

    /** So many bytes went out. */
    public void sent(long bytes) {
        left -= rate == 0 ? 0 : (double) bytes;
    }

    private void refill() {
        long now = time.ticks();
        OptionalLong allowed = schedule.windows().isEmpty()
                ? OptionalLong.empty()
                : schedule.at(LocalTime.ofInstant(time.wall(), time.zone()));
        long next = allowed.orElse(0);
        if (rate == 0 && next > 0) {
            left = (double) next; // it begins with a second of its own
        } else if (next > 0) {
            left = Math.min((double) next, left + (double) (now - at) / NANOS * (double) next);
        }
        rate = next;
        at = now;
    }
}
