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
    private static final Duration EVERY = Duration.ofSeconds(3);
    /** Longer than servers need to agree on another leader of a stream. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private final SiteRuntime runtime;
    private final int member;
    private volatile List<Integer> seen = List.of();
    private volatile boolean failing;
    private volatile String cause = "";
    private long worked;

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
        while (true) {
            Optional<LinkSupply.Held> site = runtime.site().current();
            if (site.isPresent()) {
                look(site.get().link().bucket(BucketSpec.SITE));
            } else {
                // that has a reason of its own
                seen = List.of();
                failing = false;
                worked = runtime.ticks();
            }
            runtime.meter().gauge("mr_site_places", seen.size());
            // a place that stands by tells of its own line, too
            runtime.meter().gauge("mr_site_uplink_up", runtime.saas().current().isPresent() ? 1 : 0);
            runtime.tasks().sleep(EVERY);
        }
    }

    private void look(Bucket bucket) throws InterruptedException {
        try {
            bucket.put(KEY + member, Integer.toString(member).getBytes(StandardCharsets.UTF_8));
            seen = bucket.keys().stream()
                    .filter(key -> key.startsWith(KEY))
                    .map(key -> Integer.valueOf(key.substring(KEY.length())))
                    .sorted()
                    .toList();
            if (failing) {
                LOG.log(Level.INFO, "the brokers of site {0} agree again", runtime.name());
            }
            failing = false;
            worked = runtime.ticks();
        } catch (PortException.Unavailable | PortException.Refused | NumberFormatException e) {
            failed(e);
        }
    }

    private void failed(RuntimeException e) {
        cause = e instanceof PortException known ? known.code() : String.valueOf(e.getMessage());
        if (runtime.ticks() - worked < PATIENCE_NANOS) {
            return;
        }
        seen = List.of(member);
        if (!failing) {
            failing = true;
            runtime.meter().count("mr_site_quorum_lost_total", 1);
            LOG.log(Level.WARNING, fault());
        }
    }
}
