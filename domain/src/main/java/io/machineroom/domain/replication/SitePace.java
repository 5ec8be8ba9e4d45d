package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinePace;
import io.machineroom.domain.flow.RateBudget;
import io.machineroom.domain.flow.RateSchedule;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;

/**
 * How much of a site goes onto the line at once: about a second of it, and within the rate of the hour. What a message weighs is
 * guessed from those before. Lives longer than a link, so that a thin line is known when it comes back. One task.
 */
final class SitePace {
    private static final int MOST = 1_000;
    private static final long MOST_BYTES = 4 << 20;
    private static final long FIRST_GUESS = 1_024;

    private final LinePace line = new LinePace(MOST_BYTES);
    private final RateBudget budget;
    private double average = FIRST_GUESS;
    private int share = 1;

    SitePace(RateSchedule rate, TimeSource time) {
        this.budget = new RateBudget(rate, time);
    }

    /**
     * Messages of the next batch, 1 to {@value #MOST}.
     *
     * @param share how many batches are on the way together
     */
    int messages(int share) {
        this.share = share;
        long bytes = budget.batchBytes(Math.max(1, line.batchBytes() / share));
        return Math.clamp(Math.round((double) bytes / average), 1, MOST);
    }

    /** How long the rate keeps the next batch back; at most {@code most}. */
    Duration wait(Duration most) {
        return budget.wait(most);
    }

    /** A batch went out. */
    void began(int messages, long bytes) {
        budget.sent(bytes);
        average += ((double) bytes / messages - average) / 4;
    }

    /** It was answered after that time. */
    void took(long bytes, Duration time) {
        line.took(bytes * share, time);
    }
}
