package io.machineroom.domain.replication;

import io.machineroom.ports.kv.Bucket;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Warns once when the stamps that the brokers of a site give are not by the clock of this place. One task. */
final class SiteClock {
    private static final System.Logger LOG = System.getLogger(SiteClock.class.getName());
    private static final Duration MOST = Duration.ofSeconds(3);
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final SiteRuntime runtime;
    private long due;
    private boolean warned;

    SiteClock(SiteRuntime runtime) {
        this.runtime = runtime;
        this.due = runtime.ticks();
    }

    /**
     * Looks at the stamp of a key once a minute.
     *
     * @param revision that we wrote
     * @param before when we began to write it
     */
    void check(Bucket bucket, String key, long revision, Instant before) throws InterruptedException {
        if (warned || runtime.ticks() < due) {
            return;
        }
        due = runtime.ticks() + EVERY_NANOS;
        Instant after = runtime.machine().time().wall();
        List<Bucket.Change> past = bucket.history(key);
        for (Bucket.Change change : past) {
            if (change.entry().revision() == revision) {
                warn(change.at(), before, after);
            }
        }
    }

    private void warn(Instant stamp, Instant before, Instant after) {
        Duration ahead = Duration.between(after, stamp);
        Duration behind = Duration.between(stamp, before);
        Duration difference = ahead.compareTo(behind) > 0 ? ahead : behind;
        if (difference.compareTo(MOST) > 0) {
            warned = true;
            runtime.meter().count("mr_site_clock_warnings_total", 1);
            LOG.log(
                    Level.WARNING,
                    "a broker of site {0} has a clock that is {1} s {2} that of this place: keep the clocks of the three places "
                            + "within 3 s (NTP), else keys live too long or too short",
                    runtime.name(),
                    difference.toSeconds(),
                    ahead.compareTo(behind) > 0 ? "ahead of" : "behind");
        }
    }
}
