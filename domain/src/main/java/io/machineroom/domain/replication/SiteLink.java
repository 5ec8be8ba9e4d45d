package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkKeeper;
import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.LinkState;
import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.flow.Unmeasured;
import io.machineroom.domain.flow.Way;
import io.machineroom.domain.supervision.Service;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The leader's own link to its site's broker, once there is a certificate to know that broker by. */
final class SiteLink implements Service, LinkSupply {
    private static final Duration LOOK = Duration.ofMillis(500);

    private final SiteRuntime.Machine machine;
    private final Supplier<Optional<Way>> way;
    private volatile @Nullable LinkKeeper keeper;

    /**
     * A link.
     *
     * @param way to the broker; empty while it cannot be known
     */
    SiteLink(SiteRuntime.Machine machine, Supplier<Optional<Way>> way) {
        this.machine = machine;
        this.way = way;
    }

    @Override
    public String name() {
        return "site-link";
    }

    LinkState state() {
        LinkKeeper now = keeper;
        return now == null ? LinkState.none() : now.state();
    }

    @Override
    public void run() throws InterruptedException {
        Optional<Way> found = way.get();
        while (found.isEmpty()) {
            machine.tasks().sleep(LOOK);
            found = way.get();
        }
        LinkKeeper fresh = new LinkKeeper(
                java.util.List.of(found.get()),
                LinkSettings.defaults(),
                machine.tasks(),
                machine.time(),
                machine.entropy(),
                // the metrics of links are those of the node's own link to the SaaS; this one is told of in the status
                new Unmeasured());
        keeper = fresh;
        fresh.run();
    }

    @Override
    public Optional<Held> current() {
        LinkKeeper now = keeper;
        return now == null ? Optional.empty() : now.current();
    }

    @Override
    public void report(Held held, boolean worked) {
        LinkKeeper now = keeper;
        if (now != null) {
            now.report(held, worked);
        }
    }

    @Override
    public void release(Held held) {
        LinkKeeper now = keeper;
        if (now != null) {
            now.release(held);
        }
    }
}
