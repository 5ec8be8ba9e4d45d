package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Tells the nodes of the site whether the line to the SaaS is up: every ten seconds, at each change, and to a broker that just
 * came up. One task.
 */
final class UplinkWord implements Service {
    private static final System.Logger LOG = System.getLogger(UplinkWord.class.getName());
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long EVERY_NANOS = 10_000_000_000L;
    private static final Subject SUBJECT = Subject.of("machine_room.site.uplink");

    private final SiteRuntime runtime;
    private boolean up;
    private long since;
    private long saidAt;
    private long saidTo;

    UplinkWord(SiteRuntime runtime) {
        this.runtime = runtime;
    }

    @Override
    public String name() {
        return "site-word";
    }

    @Override
    public void run() throws InterruptedException {
        since = seconds();
        while (true) {
            boolean now = runtime.saas().current().isPresent();
            boolean changed = now != up;
            if (changed) {
                up = now;
                since = seconds();
                runtime.meter().gauge("mr_site_uplink_up", up ? 1 : 0);
            }
            Optional<LinkSupply.Held> site = runtime.site().current();
            if (site.isPresent()
                    && (changed || site.get().generation() != saidTo || runtime.ticks() - saidAt >= EVERY_NANOS)) {
                say(site.get());
            }
            runtime.tasks().sleep(LOOK);
        }
    }

    private long seconds() {
        return runtime.machine().time().wall().getEpochSecond();
    }

    private void say(LinkSupply.Held site) {
        byte[] body = runtime.json().write(Value.obj("up", Value.bool(up), "since", Value.num(since)));
        try {
            site.link()
                    .publish(new Message(
                            SUBJECT,
                            "",
                            Map.of(),
                            ByteBuffer.wrap(body),
                            runtime.machine().time().wall()));
            saidAt = runtime.ticks();
            saidTo = site.generation();
        } catch (PortException.Unavailable | PortException.Refused e) {
            LOG.log(Level.DEBUG, "the word about the uplink is not heard now: {0}", e.code());
        }
    }
}
