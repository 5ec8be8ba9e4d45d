package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells the other places that this one is there, and sees which of them are: each writes a key that lives ten seconds. Where nothing
 * can be written there is no majority: the site takes nothing, and nodes keep what they have. One task.
 */
final class SiteRollCall implements Service {
    /** How many a site with standbys has. */
    static final int ALL = 3;

    static final String KEY = "place.";
    static final String NO_QUORUM = "site.quorum";

    private static final System.Logger LOG = System.getLogger(SiteRollCall.class.getName());
    /** What stands in the key of a place. */
    private static final String WITH_LINE = "line";

    private static final String WITHOUT_LINE = "no line";
    /** A line that is down shorter than that is not worth a change. */
    private static final long LINELESS_NANOS = Duration.ofSeconds(30).toNanos();

    private static final Duration EVERY = Duration.ofSeconds(3);
    /** Longer than servers need to agree on another leader of a stream. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private final SiteRuntime runtime;
    private final int member;
    private volatile List<Integer> seen = List.of();
    private volatile boolean yielding;
    private volatile boolean failing;
    private volatile String cause = "";
    private long worked;
    private long lined;

    SiteRollCall(SiteRuntime runtime, int member) {
        this.runtime = runtime;
        this.member = member;
    }

    @Override
    public String name() {
        return "site-places";
    }

    int member() {
        return member;
    }

    /** Numbers of the places that were there lately, this one with them; safe from any task. */
    List<Integer> seen() {
        return seen;
    }

    /** Whether the line of this place is down for a while and another one's is not; safe from any task. */
    boolean yielding() {
        return yielding;
    }

    /** Why the brokers of the site store nothing, with its code; empty when they do. Safe from any task. */
    String fault() {
        return failing
                ? NO_QUORUM + ": the site has no quorum: two of its three brokers must run and reach each other ("
                        + cause + "); nodes keep their events meanwhile"
                : "";
    }

    @Override
    public void run() throws InterruptedException {
        worked = runtime.ticks();
        lined = worked;
        while (true) {
            boolean line = runtime.saas().current().isPresent();
            lined = line ? runtime.ticks() : lined;
            Optional<LinkSupply.Held> site = runtime.site().current();
            if (site.isPresent()) {
                look(site.get().link().bucket(BucketSpec.SITE), line);
            } else {
                // that has a reason of its own
                seen = List.of();
                yielding = false;
                failing = false;
                worked = runtime.ticks();
            }
            runtime.meter().gauge("mr_site_places", seen.size());
            // a place that stands by tells of its own line, too
            runtime.meter().gauge("mr_site_uplink_up", line ? 1 : 0);
            runtime.tasks().sleep(EVERY);
        }
    }

    private void look(Bucket bucket, boolean line) throws InterruptedException {
        try {
            write(bucket, (line ? WITH_LINE : WITHOUT_LINE).getBytes(StandardCharsets.UTF_8));
            seen = bucket.keys().stream()
                    .filter(key -> key.startsWith(KEY))
                    .map(key -> Integer.valueOf(key.substring(KEY.length())))
                    .sorted()
                    .toList();
            yielding = runtime.ticks() - lined >= LINELESS_NANOS && othersHaveLines(bucket);
            if (failing) {
                LOG.log(Level.INFO, "the brokers of site {0} agree again", runtime.name());
            }
            failing = false;
            worked = runtime.ticks();
        } catch (PortException.Unavailable | PortException.Refused | NumberFormatException e) {
            failed(e);
        }
    }

    /** A bucket that was lost while agents run is made again by whoever of the three misses it first. */
    private void write(Bucket bucket, byte[] word) throws InterruptedException {
        try {
            bucket.put(KEY + member, word);
        } catch (PortException.Unavailable e) {
            if (!e.code().equals("bucket.missing")) {
                throw e;
            }
            // without a majority this fails as well, and the fault of that is told
            if (bucket.make(BucketSpec.site(ALL))) {
                LOG.log(Level.WARNING, "bucket {0} of site {1} was made again", BucketSpec.SITE, runtime.name());
            }
            bucket.put(KEY + member, word);
        }
    }

    private boolean othersHaveLines(Bucket bucket) throws InterruptedException {
        for (int other : seen) {
            Optional<Bucket.Entry> told = other == member ? Optional.empty() : bucket.get(KEY + other);
            if (told.isPresent() && new String(told.get().value(), StandardCharsets.UTF_8).equals(WITH_LINE)) {
                return true;
            }
        }
        return false;
    }

    private void failed(RuntimeException e) {
        cause = e instanceof PortException known ? known.code() : String.valueOf(e.getMessage());
        if (runtime.ticks() - worked < PATIENCE_NANOS) {
            return;
        }
        seen = List.of(member);
        yielding = false;
        if (!failing) {
            failing = true;
            runtime.meter().count("mr_site_quorum_lost_total", 1);
            LOG.log(Level.WARNING, fault());
        }
    }
}
