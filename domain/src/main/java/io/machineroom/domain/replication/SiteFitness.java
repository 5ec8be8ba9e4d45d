package io.machineroom.domain.replication;

import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a place whose line is up is of use to its site: somebody stands for election there, and the SaaS takes what it sends. Told
 * by who carries; safe from any task.
 */
final class SiteFitness {
    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
    /** A place that was refused hears nothing more once another one carries. After that time it may try again. */
    private static final long REMEMBERED_NANOS = Duration.ofMinutes(10).toNanos();
    /** With these the SaaS answers for all places alike. */
    private static final Set<String> OF_THE_SAAS = Set.of("sink.full", "sink.no-stream");

    private final TimeSource time;
    private volatile long stood;
    private volatile @Nullable Refusal refusal;

    SiteFitness(TimeSource time) {
        this.time = time;
        this.stood = time.ticks();
    }

    /**
     * Tries in a row that took nothing to the SaaS.
     *
     * @param since first of them, in ticks
     * @param last of them
     */
    private record Refusal(long since, long last) {
        boolean lasts() {
            return last - since >= PATIENCE_NANOS;
        }
    }

    /** Who would carry is there: in every round of its task. */
    void stands() {
        stood = time.ticks();
    }

    /** The SaaS took something. */
    void moved() {
        refusal = null;
    }

    /** The SaaS took nothing over a line that is up. */
    void refused(String code) {
        if (OF_THE_SAAS.contains(code)) {
            return;
        }
        long now = time.ticks();
        Refusal before = refusal;
        long since = before != null && now - before.last() < PATIENCE_NANOS ? before.since() : now;
        refusal = new Refusal(since, now);
    }

    /** Whether the SaaS has taken nothing from here for half a minute of tries, not long ago. */
    boolean isRefused() {
        Refusal now = refusal;
        return now != null && now.lasts() && time.ticks() - now.last() < REMEMBERED_NANOS;
    }

    /** Whether it would do the work if it were elected. */
    boolean isFit() {
        return time.ticks() - stood < PATIENCE_NANOS && !isRefused();
    }
}
