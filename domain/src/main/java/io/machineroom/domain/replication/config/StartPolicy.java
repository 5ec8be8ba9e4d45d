package io.machineroom.domain.replication.config;

import io.machineroom.ports.replica.ReadPlan.StartAt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a copy begins that has no place yet; the first that is set decides.
 *
 * @param atEnd with what comes from now on
 * @param sequence with this number; 0: not set
 * @param delta with what is at most so old; zero: not set
 * @param time with what came since
 */
public record StartPolicy(boolean atEnd, long sequence, Duration delta, Optional<Instant> time) {
    /** The start, asked at that time. */
    public StartAt at(Instant now) {
        if (atEnd) {
            return new StartAt.New();
        }
        if (sequence > 0) {
            return new StartAt.Number(sequence);
        }
        if (!delta.isZero()) {
            return new StartAt.Time(now.minus(delta));
        }
        return time.<StartAt>map(StartAt.Time::new).orElseGet(StartAt.All::new);
    }
}
