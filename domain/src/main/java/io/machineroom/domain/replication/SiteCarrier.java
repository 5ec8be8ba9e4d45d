package io.machineroom.domain.replication;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.orchestration.Election;
import io.machineroom.domain.orchestration.ElectionEar;
import io.machineroom.domain.orchestration.ElectionPlan;
import io.machineroom.domain.orchestration.ElectionPorts;
import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Tasks;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Does the work of the site while this place holds the election among its three, and lets go of it when it does not. A place whose
 * line to the SaaS is down leaves it to one whose line is not. Two places
 * that work for a moment do no harm: repeats are dropped at the SaaS by their numbers. One task.
 */
final class SiteCarrier implements Service {
    static final String KEY = "carrier";

    private static final System.Logger LOG = System.getLogger(SiteCarrier.class.getName());
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration GRACE = Duration.ofSeconds(5);
    /** A key that lives ten seconds is renewed about every second: a place that died is replaced in some twenty. */
    private static final Backoff PACE = Backoff.doubling(Duration.ofSeconds(1), Duration.ofSeconds(1));

    private final SiteRuntime runtime;
    private final String place;
    private final BooleanSupplier yields;
    private final SiteFitness fitness;
    private final Supplier<SiteWork> begin;
    private final Backoff backoff = Backoff.fiveSeconds();
    private volatile boolean finishing;
    private volatile @Nullable SiteWork work;

    /**
     * A carrier.
     *
     * @param place name of this one
     * @param yields whether another place can do the work and this one cannot
     * @param fitness is told that somebody stands here
     * @param begin makes the work anew, each time that it begins here
     */
    SiteCarrier(
            SiteRuntime runtime, String place, BooleanSupplier yields, SiteFitness fitness, Supplier<SiteWork> begin) {
        this.runtime = runtime;
        this.place = place;
        this.yields = yields;
        this.fitness = fitness;
        this.begin = begin;
    }

    @Override
    public String name() {
        return "site-carrier";
    }

    /** What is done here now; empty while another place does it, or none. Safe from any task. */
    Optional<SiteWork> work() {
        return Optional.ofNullable(work);
    }

    @Override
    public boolean finish() {
        finishing = true;
        return true;
    }

    @Override
    public void run() throws InterruptedException {
        runtime.meter().gauge("mr_site_carrying", 0);
        while (!finishing) {
            if (wants()) {
                stand();
            }
            runtime.tasks().sleep(LOOK);
        }
    }

    /** The election in the name of a place. */
    static ElectionPlan plan(String place) {
        return new ElectionPlan(KEY, place, Optional.of(PACE), false, "choria_", Map.of());
    }

    /** Asked in every round. */
    private boolean wants() {
        fitness.stands();
        return !finishing && !yields.getAsBoolean();
    }

    /**
     * Takes part in the election for as long as it wants to, and works while it leads.
     *
     * @throws IllegalStateException when the campaign ended by a fault: nobody would stand here any more
     */
    private void stand() throws InterruptedException {
        SiteRuntime.Machine machine = runtime.machine();
        Election election = new Election(
                plan(place),
                new ElectionPorts(machine.tasks(), machine.time(), machine.entropy(), machine.meter(), this::bucket),
                new Quiet());
        Tasks.Task campaign = runtime.tasks().fork("site-election", () -> campaign(election));
        try {
            Optional<Supervisor.Fallen> fallen = Optional.empty();
            while (wants() && fallen.isEmpty() && !campaign.done()) {
                if (election.leading()) {
                    fallen = carry(election);
                }
                runtime.tasks().sleep(LOOK);
            }
            // after the work, so that the next one begins when this one has ended
            election.stop();
            campaign.join(GRACE);
            Throwable broke = campaign.failure().orElse(null);
            if (broke != null) {
                // only a new start of this service stands again
                throw new IllegalStateException("the election of the places broke", broke);
            }
            if (fallen.isPresent()) {
                // another place may do better; this one tries again later
                throw new PortException.Unavailable(
                        fallen.get().code(),
                        fallen.get().service() + ": " + fallen.get().message());
            }
        } finally {
            election.stop();
            campaign.cancel();
        }
    }

    /** Is asked; needs not be told. */
    private static final class Quiet implements ElectionEar {
        @Override
        public void won() {
            // asked for by leading()
        }

        @Override
        public void lost() {
            // asked for by leading()
        }
    }

    private Bucket bucket() {
        return runtime.site()
                .current()
                .map(held -> held.link().bucket(BucketSpec.SITE))
                .orElseThrow(() -> new PortException.Unavailable(
                        "link.down", "there is no connection to the broker of this place"));
    }

    /** Until the election is stopped; the bucket is made by whoever of the three comes first. */
    private void campaign(Election election) throws InterruptedException {
        String told = "";
        for (int tries = 0; wants(); tries++) {
            try {
                bucket().make(BucketSpec.site(SiteRollCall.ALL));
                election.run();
                return;
            } catch (PortException.Unavailable | PortException.Refused e) {
                if (!e.code().equals(told)) {
                    LOG.log(Level.INFO, "no election among the places yet: {0}: {1}", e.code(), e.getMessage());
                }
                told = e.code();
                runtime.tasks().sleep(backoff.delay(tries, runtime.machine().entropy()));
            }
        }
    }

    /** Until it does not lead any more, or one of the services is given up: that one. */
    private Optional<Supervisor.Fallen> carry(Election election) throws InterruptedException {
        SiteRuntime.Machine machine = runtime.machine();
        SiteWork fresh = begin.get();
        Supervisor supervisor = new Supervisor(
                SupervisorSettings.defaults(), machine.tasks(), machine.time(), machine.entropy(), machine.meter());
        LOG.log(Level.INFO, "{0} carries site {1} from now on", place, runtime.name());
        work = fresh;
        runtime.meter().gauge("mr_site_carrying", 1);
        try {
            fresh.services().forEach(supervisor::start);
            Optional<Supervisor.Fallen> fallen = Optional.empty();
            while (election.leading() && wants() && fallen.isEmpty()) {
                fallen = supervisor.fallen(LOOK);
            }
            return fallen;
        } finally {
            work = null;
            runtime.meter().gauge("mr_site_carrying", 0);
            LOG.log(Level.INFO, "{0} does not carry site {1} any more", place, runtime.name());
            try {
                supervisor.stop(GRACE);
            } finally {
                // afterwards: until then the work measures and tells
                forget();
            }
        }
    }

    /** What waits is told by the place that measures it. */
    private void forget() {
        for (String gauge : List.of("mr_site_waiting", "mr_site_waiting_bytes", "mr_site_oldest_age_seconds")) {
            runtime.meter().gauge(gauge, 0);
        }
    }
}
