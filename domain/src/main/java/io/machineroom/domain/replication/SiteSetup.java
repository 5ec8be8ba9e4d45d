package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.orchestration.GovernorMender;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.StreamSpec;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes what a site's broker keeps on every link to it, each step by itself, and then measures how much waits and opens governors
 * that were left closed. A node that comes
 * before the stream is refused and keeps what it has. One task.
 */
final class SiteSetup implements Service {
    private static final System.Logger LOG = System.getLogger(SiteSetup.class.getName());
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long MEASURE_NANOS = 10_000_000_000L;

    private final SiteRuntime runtime;
    private final long intakeBytes;
    private final int replicas;
    private final GovernorMender governors;
    private volatile Backlog backlog = new Backlog(0, 0, 0);

    /**
     * A setup.
     *
     * @param replicas on how many brokers what is made lies
     */
    SiteSetup(SiteRuntime runtime, long intakeBytes, int replicas) {
        this.runtime = runtime;
        this.intakeBytes = intakeBytes;
        this.replicas = replicas;
        this.governors = new GovernorMender(runtime.machine().time(), runtime.meter());
    }

    /**
     * How much waits at the site.
     *
     * @param oldestSeconds age of the oldest
     */
    record Backlog(long messages, long bytes, long oldestSeconds) {}

    @Override
    public String name() {
        return "site-setup";
    }

    /** As measured last; safe from any task. */
    Backlog backlog() {
        return backlog;
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            Optional<LinkSupply.Held> site = runtime.site().current();
            if (site.isPresent()) {
                set(site.get());
            }
            runtime.tasks().sleep(LOOK);
        }
    }

    private void set(LinkSupply.Held site) throws InterruptedException {
        boolean streams = true;
        for (StreamSpec spec : SiteStreams.intakes(intakeBytes)) {
            streams &= step("stream " + spec.name(), () -> site.link().ensureStream(spec, replicas));
        }
        boolean bucket =
                step("bucket " + BucketSpec.CONFIG, () -> site.link().ensureBucket(BucketSpec.CONFIG, replicas));
        step("bucket " + BucketSpec.ELECTIONS, () -> {
            site.link().bucket(BucketSpec.ELECTIONS).make(BucketSpec.elections().withReplicas(replicas));
        });
        governors.look(site.link().slots());
        if (streams) {
            measure(site, bucket);
        } else {
            runtime.tasks().sleep(Duration.ofSeconds(2));
        }
    }

    private interface Step {
        void run() throws InterruptedException;
    }

    /** Whether it worked; one that does not keeps no other from being done. */
    private boolean step(String what, Step step) throws InterruptedException {
        try {
            step.run();
            return true;
        } catch (PortException.Unavailable | PortException.Refused e) {
            runtime.meter().count("mr_site_setup_failures_total", "code", e.code(), 1);
            LOG.log(Level.WARNING, "the site''s {0} is not ready: {1}: {2}", what, e.code(), e.getMessage());
            return false;
        }
    }

    /** Until the link is another; returns sooner when the bucket is still to be made. */
    private void measure(LinkSupply.Held site, boolean complete) throws InterruptedException {
        try (Intake urgent = site.link().intake(SiteStreams.URGENT, SiteUplink.CONSUMER);
                Intake others = site.link().intake(SiteStreams.INTAKE, SiteUplink.CONSUMER)) {
            long due = runtime.ticks();
            long until = complete ? Long.MAX_VALUE : runtime.ticks() + MEASURE_NANOS;
            while (SiteRuntime.holds(runtime.site(), site) && runtime.ticks() < until) {
                if (runtime.ticks() >= due) {
                    show(sum(urgent.backlog(), others.backlog()));
                    due = runtime.ticks() + MEASURE_NANOS;
                }
                governors.look(site.link().slots());
                runtime.tasks().sleep(LOOK);
            }
        } catch (PortException.Unavailable | PortException.Refused e) {
            LOG.log(Level.DEBUG, "what waits at the site cannot be measured now: {0}", e.code());
        }
    }

    private static Intake.Backlog sum(Intake.Backlog one, Intake.Backlog two) {
        return new Intake.Backlog(
                one.messages() + two.messages(),
                one.bytes() + two.bytes(),
                Stream.concat(one.oldest().stream(), two.oldest().stream()).min(Comparator.naturalOrder()));
    }

    private void show(Intake.Backlog now) {
        Instant wall = runtime.machine().time().wall();
        long age = now.oldest()
                .map(oldest -> Math.max(0, Duration.between(oldest, wall).toSeconds()))
                .orElse(0L);
        backlog = new Backlog(now.messages(), now.bytes(), age);
        runtime.meter().gauge("mr_site_waiting", (double) now.messages());
        runtime.meter().gauge("mr_site_waiting_bytes", (double) now.bytes());
        runtime.meter().gauge("mr_site_oldest_age_seconds", (double) age);
    }
}
