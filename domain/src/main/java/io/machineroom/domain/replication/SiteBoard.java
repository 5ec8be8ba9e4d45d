package io.machineroom.domain.replication;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The bucket in which the three places of a site tell of themselves. Its server forgets what is older than ten seconds, and judges
 * that by stamps of another machine: where a clock is an hour ahead, what it stamped is there an hour too long. So a key counts only
 * while this place sees it move, by ticks of its own. One task.
 */
final class SiteBoard {
    /** What the key of a place begins with; its number follows. */
    static final String KEY = "place.";

    private static final System.Logger LOG = System.getLogger(SiteBoard.class.getName());
    private static final BucketSpec SPEC = BucketSpec.site(SiteRollCall.ALL);
    private static final Duration ABANDONED = SiteCarrier.plan("").abandonedAfter(SPEC.timeToLive());

    private final SiteRuntime runtime;
    private final Map<String, Move> moves = new HashMap<>();

    SiteBoard(SiteRuntime runtime) {
        this.runtime = runtime;
    }

    /**
     * The last move of a key.
     *
     * @param since when we saw that revision first, in ticks
     */
    private record Move(long revision, long since) {}

    /** Writes the word of a place and returns its revision. A bucket that was lost is made again by who misses it first. */
    long tell(Bucket bucket, int place, String word) throws InterruptedException {
        byte[] value = word.getBytes(StandardCharsets.UTF_8);
        try {
            return bucket.put(KEY + place, value);
        } catch (PortException.Unavailable e) {
            if (!e.code().equals("bucket.missing")) {
                throw e;
            }
            // without a majority this fails as well, and the fault of that is told
            if (bucket.make(SPEC)) {
                LOG.log(Level.WARNING, "bucket {0} of site {1} was made again", BucketSpec.SITE, runtime.name());
            }
            return bucket.put(KEY + place, value);
        }
    }

    /** The word of a place; empty when it is not there. */
    Optional<String> told(Bucket bucket, int place) throws InterruptedException {
        return bucket.get(KEY + place)
                .filter(entry -> unmoved(entry).compareTo(SPEC.timeToLive()) <= 0)
                .map(entry -> new String(entry.value(), StandardCharsets.UTF_8));
    }

    /** Has the places elect another carrier when the key of the last one outlives it. */
    void unseat(Bucket bucket) throws InterruptedException {
        Optional<Bucket.Entry> seat = bucket.get(SiteCarrier.KEY);
        if (seat.isPresent()
                && unmoved(seat.get()).compareTo(ABANDONED) >= 0
                && bucket.delete(SiteCarrier.KEY, seat.get().revision())) {
            LOG.log(
                    Level.WARNING,
                    "who carried site {0} is gone, and its key was left: clocks of the three places differ",
                    runtime.name());
        }
    }

    /** For how long we have seen that revision; one that is another one moved, also when it is smaller: in a new bucket. */
    private Duration unmoved(Bucket.Entry entry) {
        long now = runtime.ticks();
        Move last = moves.get(entry.key());
        if (last == null || last.revision() != entry.revision()) {
            moves.put(entry.key(), new Move(entry.revision(), now));
            return Duration.ZERO;
        }
        return Duration.ofNanos(now - last.since());
    }
}
