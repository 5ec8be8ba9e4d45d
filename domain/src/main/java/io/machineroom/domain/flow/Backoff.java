package io.machineroom.domain.flow;

import io.machineroom.ports.runtime.Entropy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How long to wait before try n: an entry of a table times a random factor in [0.5, 1.5). Beyond the
 * table its last entry counts.
 */
public final class Backoff {
    private final List<Duration> table;

    private Backoff(List<Duration> table) {
        this.table = List.copyOf(table);
    }

    /** 0.5 s up to 5 s. */
    public static Backoff fiveSeconds() {
        return new Backoff(steps(500, 500, 5_000));
    }

    /** Choria's policy of that name: 500 ms, 750 ms, 1 s, and by half a second up to 5 s. */
    public static Backoff fiveSec() {
        List<Duration> out = new ArrayList<>(List.of(Duration.ofMillis(500), Duration.ofMillis(750)));
        out.addAll(steps(1_000, 500, 5_000));
        return new Backoff(out);
    }

    /** 0.5 s up to 20 s. */
    public static Backoff twentySeconds() {
        return new Backoff(steps(500, 500, 20_000));
    }

    /** 6 s up to 108 s. */
    public static Backoff twoMinutes() {
        return new Backoff(steps(6_000, 6_000, 108_000));
    }

    /** {@code first}, doubled each time, at most {@code most}. */
    public static Backoff doubling(Duration first, Duration most) {
        List<Duration> out = new ArrayList<>();
        for (Duration at = first; out.size() < 32 && at.compareTo(most) < 0; at = at.multipliedBy(2)) {
            out.add(at);
        }
        out.add(most);
        return new Backoff(out);
    }

    /**
     * The wait before a try.
     *
     * @param attempt from 0
     */
    public Duration delay(int attempt, Entropy entropy) {
        long factor = 500 + entropy.below(1_000);
        return plain(attempt).multipliedBy(factor).dividedBy(1_000);
    }

    /** The wait without the random factor. */
    public Duration plain(int attempt) {
        return table.get(Math.min(attempt, table.size() - 1));
    }

    private static List<Duration> steps(long from, long step, long to) {
        List<Duration> out = new ArrayList<>();
        for (long at = from; at <= to; at += step) {
            out.add(Duration.ofMillis(at));
        }
        return out;
    }
}
