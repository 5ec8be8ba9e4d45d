package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.BrokerCluster;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.transport.HostName;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells the other places that this one is there, and sees which of them are: each writes a key that lives ten seconds. Where nothing
 * can be written there is no majority: the site takes nothing, and nodes keep what they have. One task.
 */
final class SiteRollCall implements Service {
    /** How many a site with standbys has. */
    static final int ALL = 3;

    static final String NO_QUORUM = "site.quorum";

    private static final System.Logger LOG = System.getLogger(SiteRollCall.class.getName());
    /** What stands in the key of a place that could do the work. */
    private static final String WITH_LINE = "line";

    private static final String WITHOUT_LINE = "no line";
    /** A line that is down shorter than that is not worth a change. */
    private static final long LINELESS_NANOS = Duration.ofSeconds(30).toNanos();

    private static final Duration EVERY = Duration.ofSeconds(3);
    /** Longer than servers need to agree on another leader of a stream. */
    private static final long PATIENCE_NANOS = Duration.ofSeconds(15).toNanos();

    private final SiteRuntime runtime;
    private final BrokerCluster cluster;
    private final SiteFitness fitness;
    private final SiteBoard board;
    private final SiteClock clock;
    private volatile List<Integer> seen = List.of();
    private volatile List<Integer> lastSeen = List.of();
    private volatile boolean yielding;
    private volatile boolean failing;
    private volatile String cause = "";
    private long worked;
    private long lined;

    /**
     * A roll call.
     *
     * @param cluster the three places, and which of them this is
     * @param fitness of this one
     */
    SiteRollCall(SiteRuntime runtime, BrokerCluster cluster, SiteFitness fitness) {
        this.runtime = runtime;
        this.cluster = cluster;
        this.fitness = fitness;
        this.board = new SiteBoard(runtime);
        this.clock = new SiteClock(runtime);
    }

    @Override
    public String name() {
        return "site-places";
    }

    int member() {
        return cluster.member();
    }

    /** Numbers of the places that were there lately, this one with them; safe from any task. */
    List<Integer> seen() {
        return seen;
    }

    /** The same when the brokers agreed last; safe from any task. */
    List<Integer> lastSeen() {
        return lastSeen;
    }

    /** Whether this place cannot reach the SaaS for a while and another one can; safe from any task. */
    boolean yielding() {
        return yielding;
    }

    /** Why the brokers of the site store nothing, with its code; empty when they do. Safe from any task. */
    String fault() {
        return failing
                ? NO_QUORUM
                        + ": the site has no quorum: two of its three brokers must run and reach each other, all three at the "
                        + "very first start; look at " + otherRoutes() + " (" + cause
                        + "); nodes keep their events meanwhile"
                : "";
    }

    private String otherRoutes() {
        return cluster.routes().stream()
                .filter(route -> route.member() != member())
                .map(route -> new HostName(route.host()).bracketed() + ":" + route.port())
                .collect(Collectors.joining(" and "));
    }

    @Override
    public void run() throws InterruptedException {
        worked = runtime.ticks();
        lined = worked;
        try {
            while (true) {
                round();
                runtime.tasks().sleep(EVERY);
            }
        } finally {
            // nobody may act on what nobody looks after any more
            forget();
            runtime.meter().gauge("mr_site_places", 0);
        }
    }

    private void round() throws InterruptedException {
        boolean line = runtime.saas().current().isPresent();
        lined = line ? runtime.ticks() : lined;
        Optional<LinkSupply.Held> site = runtime.site().current();
        if (site.isPresent()) {
            look(site.get().link().bucket(BucketSpec.SITE), line);
        } else {
            // that has a reason of its own
            forget();
            worked = runtime.ticks();
        }
        runtime.meter().gauge("mr_site_places", seen.size());
        // a place that stands by tells of its own line, too
        runtime.meter().gauge("mr_site_uplink_up", line ? 1 : 0);
    }

    private void forget() {
        seen = List.of();
        yielding = false;
        failing = false;
    }

    private void look(Bucket bucket, boolean line) throws InterruptedException {
        try {
            Instant before = runtime.machine().time().wall();
            long revision = board.tell(bucket, member(), line && fitness.isFit() ? WITH_LINE : WITHOUT_LINE);
            List<Integer> there = new ArrayList<>();
            boolean othersHaveLines = false;
            for (int place = 1; place <= ALL; place++) {
                Optional<String> told = place == member() ? Optional.of("") : board.told(bucket, place);
                if (told.isPresent()) {
                    there.add(place);
                    othersHaveLines |= told.get().equals(WITH_LINE);
                }
            }
            seen = List.copyOf(there);
            lastSeen = seen;
            boolean useless = runtime.ticks() - lined >= LINELESS_NANOS || fitness.isRefused();
            yielding = useless && othersHaveLines;
            board.unseat(bucket);
            clock.check(bucket, SiteBoard.KEY + member(), revision, before);
            if (failing) {
                LOG.log(Level.INFO, "the brokers of site {0} agree again", runtime.name());
            }
            failing = false;
            worked = runtime.ticks();
        } catch (PortException.Unavailable | PortException.Refused e) {
            failed(e);
        }
    }

    private void failed(PortException e) {
        cause = e.code();
        if (runtime.ticks() - worked < PATIENCE_NANOS) {
            return;
        }
        seen = List.of(member());
        yielding = false;
        if (!failing) {
            failing = true;
            runtime.meter().count("mr_site_quorum_lost_total", 1);
            LOG.log(Level.WARNING, fault());
        }
    }
}
