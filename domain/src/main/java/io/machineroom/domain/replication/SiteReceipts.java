package io.machineroom.domain.replication;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands receipts of the SaaS on to the nodes of the site, as they came. The newest of each node, epoch and lane is kept, so that
 * a node that sends again what is stored gets its receipt without a word over the line. One task.
 */
final class SiteReceipts implements Service {
    private static final System.Logger LOG = System.getLogger(SiteReceipts.class.getName());
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** Some 500 bytes each. */
    private static final int MOST = 10_000;

    private static final int AT_A_TIME = 256;

    private final SiteRuntime runtime;
    private final Mailbox<SignedMark> arrivals;
    private final Mailbox<SiteRecord.Run> wanted;
    private final Mailbox<SiteReceipt> known;
    private final Map<SiteRecord.Run, SiteReceipt> newest = new LinkedHashMap<>();

    SiteReceipts(SiteRuntime runtime) {
        this.runtime = runtime;
        this.arrivals = runtime.tasks().mailbox(4 * AT_A_TIME);
        this.wanted = runtime.tasks().mailbox(4 * AT_A_TIME);
        this.known = runtime.tasks().mailbox(4 * AT_A_TIME);
    }

    @Override
    public String name() {
        return "site-receipts";
    }

    /** Asks for the newest receipt of these numbers once more; safe from any task, never blocks. */
    void again(SiteRecord.Run run) {
        if (!wanted.offer(run)) {
            // the node asks again by sending again
            runtime.meter().count("mr_site_receipts_dropped_total", 1);
        }
    }

    /** What came since the last call; for the task of the uplink. */
    java.util.List<SiteReceipt> fresh() {
        return known.drain(AT_A_TIME);
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            Optional<LinkSupply.Held> saas = runtime.saas().current();
            if (saas.isPresent()) {
                follow(saas.get());
            }
            runtime.tasks().sleep(LOOK);
        }
    }

    private void follow(LinkSupply.Held saas) throws InterruptedException {
        try (Link.Subscription subscription = saas.link().siteReceipts(runtime.name(), arrivals)) {
            while (SiteRuntime.holds(runtime.saas(), saas)) {
                pass();
            }
            LOG.log(Level.DEBUG, "receipts come over the next link, not {0}", subscription);
        } catch (PortException.Unavailable | PortException.Refused e) {
            LOG.log(Level.WARNING, "no receipts for the site over {0}: {1}: {2}", saas.way(), e.code(), e.getMessage());
            runtime.tasks().sleep(PATIENCE);
        }
    }

    private void pass() throws InterruptedException {
        arrivals.poll(LOOK).ifPresent(this::take);
        arrivals.drain(AT_A_TIME).forEach(this::take);
        for (SiteRecord.Run run : wanted.drain(AT_A_TIME)) {
            SiteReceipt receipt = newest.get(run);
            if (receipt != null) {
                hand(run, receipt.mark());
            }
        }
    }

    private void take(SignedMark mark) {
        Optional<SiteReceipt> read = SiteReceipt.of(mark);
        if (read.isEmpty()) {
            runtime.meter().count("mr_site_receipts_dropped_total", 1);
            return;
        }
        SiteReceipt receipt = keep(read.get());
        if (!known.offer(receipt)) {
            // without it the record crosses the line once more, that is all
            runtime.meter().count("mr_site_receipts_dropped_total", 1);
        }
        hand(receipt.run(), mark);
    }

    /** Keeps what is newer than what is kept; gives it back with the names that are held already, which are long. */
    private SiteReceipt keep(SiteReceipt receipt) {
        @Nullable SiteReceipt before = newest.remove(receipt.run());
        SiteReceipt own = before == null ? receipt : receipt.with(before);
        newest.put(own.run(), before != null && before.exceeds(own) ? before : own);
        if (newest.size() > MOST) {
            Iterator<SiteRecord.Run> eldest = newest.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
        return own;
    }

    private void hand(SiteRecord.Run run, SignedMark mark) {
        Optional<LinkSupply.Held> site = runtime.site().current();
        if (site.isEmpty()) {
            return; // the node sends again after the outage, and is answered from what is kept
        }
        byte[] body = runtime.json()
                .write(Value.obj(
                        "text", Value.text(mark.text()),
                        "signature", Value.text(mark.signature())));
        try {
            site.get()
                    .link()
                    .publish(new Message(
                            Subject.of("machine_room.receipt." + run.nodeKey()),
                            "",
                            Map.of(),
                            ByteBuffer.wrap(body),
                            runtime.machine().time().wall()));
            runtime.meter().count("mr_site_receipts_total", 1);
        } catch (PortException.Unavailable | PortException.Refused e) {
            LOG.log(Level.DEBUG, "a receipt does not reach its node now: {0}", e.code());
        }
    }
}
