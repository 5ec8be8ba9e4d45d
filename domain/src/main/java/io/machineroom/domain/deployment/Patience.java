package io.machineroom.domain.deployment;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * When work on a plugin is worth a try: a new version after a random part of the splay, what failed after a wait that
 * doubles with each failure up to a bound and is shortened by up to half at random, so that nodes that failed together
 * do not come back together. Another list clears the failures. Confined to one task.
 */
public final class Patience {
    /** Wait after the first failure that another try may mend, such as a server that does not answer. */
    public static final Duration FIRST_WAIT = Duration.ofSeconds(5);
    /** Longest wait. */
    public static final Duration MAX_WAIT = Duration.ofHours(1);

    private final Entropy entropy;
    private final Duration splay;
    private final Duration afterRefusal;
    private final Map<String, Turn> turns = new HashMap<>();
    private final Map<String, Trouble> troubles = new HashMap<>();

    /**
     * No waits yet.
     *
     * @param splay bound of the wait before a new version is fetched; zero for none
     * @param afterRefusal first wait after a refusal, which the same bytes would bring again
     */
    public Patience(Entropy entropy, Duration splay, Duration afterRefusal) {
        this.entropy = entropy;
        this.splay = splay;
        this.afterRefusal = afterRefusal;
    }

    private record Turn(String digest, long at) {}

    private record Trouble(String list, int times, long until, PortException why) {}

    /** Whether a version's turn has come; the first question draws its time. */
    public boolean due(PluginEntry entry, long now) {
        Turn turn = turns.get(entry.name());
        if (turn == null || !turn.digest().equals(entry.digest())) {
            turn = new Turn(entry.digest(), now + entropy.below(splay.toNanos() + 1));
            turns.put(entry.name(), turn);
        }
        return now - turn.at() >= 0;
    }

    /**
     * Throws the last failure again while it is not worth another try.
     *
     * @param list digest of what was wanted
     * @param now in ticks
     */
    public void check(String name, String list, long now) {
        Trouble trouble = troubles.get(name);
        if (trouble != null && trouble.list().equals(list) && now - trouble.until() < 0) {
            throw trouble.why();
        }
    }

    /** Counts a failure. */
    public void failed(String name, String list, long now, PortException why) {
        Trouble last = troubles.get(name);
        int times = last != null && last.list().equals(list) ? last.times() + 1 : 0;
        Duration first = why instanceof PortException.Unavailable ? FIRST_WAIT : afterRefusal;
        long bounded = Backoff.doubling(first, MAX_WAIT).plain(times).toNanos();
        long jittered = bounded - entropy.below(bounded / 2 + 1);
        troubles.put(name, new Trouble(list, times, now + jittered, why));
    }

    /** Forgets what failed. */
    public void done(String name) {
        troubles.remove(name);
    }

    /** Forgets a plugin. */
    public void forget(String name) {
        troubles.remove(name);
        turns.remove(name);
    }
}
