package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/** Looks whether the brokers of all three places have all of what the site keeps, so that one may be taken away. One task. */
final class SiteCopies implements Service {
    private static final System.Logger LOG = System.getLogger(SiteCopies.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(15);

    private final SiteRuntime runtime;
    private final SiteRollCall places;
    private volatile boolean current;

    SiteCopies(SiteRuntime runtime, SiteRollCall places) {
        this.runtime = runtime;
        this.places = places;
    }

    @Override
    public String name() {
        return "site-copies";
    }

    /** Whether they had at the last look; false where nobody tells. Safe from any task. */
    boolean current() {
        return current;
    }

    @Override
    public void run() throws InterruptedException {
        try {
            while (true) {
                show(look());
                runtime.tasks().sleep(EVERY);
            }
        } finally {
            show(false);
        }
    }

    private void show(boolean now) {
        current = now;
        runtime.meter().gauge("mr_site_copies_current", now ? 1 : 0);
    }

    private boolean look() throws InterruptedException {
        if (places.seen().size() < SiteRollCall.ALL) {
            // brokers that never were three keep nothing yet, and of nothing each has all
            return false;
        }
        Optional<LinkSupply.Held> site = runtime.site().current();
        try {
            return site.isPresent() && site.get().link().copiesCurrent();
        } catch (PortException.Unavailable | PortException.Refused e) {
            LOG.log(Level.DEBUG, "nobody tells of the copies of the site now: {0}", e.code());
            return false;
        }
    }
}
