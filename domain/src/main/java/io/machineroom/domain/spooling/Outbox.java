package io.machineroom.domain.spooling;

import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes events from everybody and makes them durable. {@link #publish} never blocks and never throws:
 * machines go on healing whatever the disk does. What cannot be taken becomes a durable void, so that
 * the ledger shows it.
 *
 * <p>{@link #run()} is one task and the only one that appends; the rest is safe from any task.
 */
public final class Outbox implements Service {
    private static final System.Logger LOG = System.getLogger(Outbox.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final String PLAIN = "application/json";
    private static final int MAX_DROPPED = 100_000;
    private static final List<String> RESERVED = List.of("nats-", "mr-");

    private final SharedSpool shared;
    private final EventFormat format;
    private final OutboxSettings settings;
    private final Tasks tasks;
    private final Meter meter;
    private final Mailbox<HandedOver> entries;
    private final Mailbox<Void> dropped;
    private final OwedVoids voids;
    private long stored;
    private long voided;
    private String lastCode = "";
    private volatile boolean finishing;
    private volatile OutboxState state = OutboxState.none();

    public Outbox(SharedSpool shared, EventFormat format, OutboxSettings settings, Tasks tasks, Meter meter) {
        this.shared = shared;
        this.format = format;
        this.settings = settings;
        this.tasks = tasks;
        this.meter = meter;
        this.entries = tasks.mailbox(settings.maxEvents(), settings.maxBytes(), HandedOver::size);
        this.dropped = tasks.mailbox(MAX_DROPPED);
        this.voids = new OwedVoids(meter);
    }

    @Override
    public String name() {
        return "outbox";
    }

    /** Takes an event over; false when it became a void instead. Never blocks, never throws. */
    public boolean publish(Outgoing outgoing) {
        try {
            String type = outgoing.plain().isPresent() ? PLAIN : format.contentType();
            ByteBuffer body = outgoing.plain().orElseGet(() -> ByteBuffer.wrap(format.encode(outgoing.event())));
            Message message = new Message(
                    outgoing.subject(),
                    outgoing.event().id(),
                    Map.of(Message.CONTENT_TYPE, type),
                    body,
                    outgoing.event().time());
            return hand(outgoing.lane(), message, outgoing.whenDurable());
        } catch (RuntimeException unencodable) {
            LOG.log(Level.ERROR, "event on " + outgoing.subject() + " cannot be encoded and is void", unencodable);
            drop(outgoing.lane(), "damaged");
            return false;
        }
    }

    /** Takes a message that is encoded already; its headers must not begin with {@code Nats-} or {@code Mr-}. */
    public boolean publish(Lane lane, Message message) {
        for (String header : message.headers().keySet()) {
            if (RESERVED.stream().anyMatch(header.toLowerCase(Locale.ROOT)::startsWith)) {
                LOG.log(Level.ERROR, "message on {0} has the reserved header {1}", message.subject(), header);
                drop(lane, "damaged");
                return false;
            }
        }
        return hand(lane, message, () -> {});
    }

    /** In numbers. */
    public OutboxState state() {
        return state;
    }

    /** Ends once everything handed over before is durable. */
    @Override
    public boolean finish() {
        finishing = true;
        entries.offer(HandedOver.WAKE);
        return true;
    }

    @Override
    public void run() throws InterruptedException {
        try {
            work();
        } catch (Ended over) {
            LOG.log(Level.WARNING, "ends before its last events are durable: the spool is closed");
        }
    }

    private void work() throws InterruptedException {
        Spool spool = open();
        while (true) {
            List<HandedOver> batch = next();
            store(spool, batch);
            collectDropped();
            flushVoids(spool);
            show();
            if (finishing && batch.isEmpty() && voids.isEmpty() && entries.size() == 0 && dropped.size() == 0) {
                return;
            }
        }
    }

    private Spool open() throws InterruptedException {
        while (true) {
            try {
                return shared.open();
            } catch (PortException.Unavailable disk) {
                later(disk);
            }
        }
    }

    /**
     * Waits for a disk.
     *
     * @throws Ended when there is nothing to wait for: the process ends and its spool is closed
     */
    private void later(PortException disk) throws InterruptedException {
        failed(disk);
        show();
        if (finishing && closed(disk)) {
            throw new Ended();
        }
        tasks.sleep(RETRY);
    }

    private static boolean closed(PortException reason) {
        return reason.code().equals("spool.closed");
    }

    private boolean hand(Lane lane, Message message, Runnable whenDurable) {
        meter.count("mr_events_created_total", 1);
        if (entries.offer(new HandedOver(lane, message, whenDurable))) {
            return true;
        }
        drop(lane, "overflow");
        return false;
    }

    private void drop(Lane lane, String cause) {
        if (!dropped.offer(new Void(lane, cause))) {
            meter.count("mr_events_unknown_total", 1);
        }
    }

    private List<HandedOver> next() throws InterruptedException {
        List<HandedOver> out = new ArrayList<>();
        entries.poll(finishing ? Duration.ZERO : LOOK).ifPresent(out::add);
        if (!out.isEmpty()) {
            out.addAll(entries.drain(settings.batchEvents() - 1));
        }
        out.removeIf(HandedOver::isWake);
        return out;
    }

    /** Appends runs of one lane, none larger than the bound of a batch. */
    private void store(Spool spool, List<HandedOver> batch) throws InterruptedException {
        List<HandedOver> run = new ArrayList<>();
        long bytes = 0;
        for (HandedOver entry : batch) {
            boolean fits = run.isEmpty()
                    || (run.getFirst().lane() == entry.lane() && bytes + entry.size() <= settings.batchBytes());
            if (!fits) {
                append(spool, run);
                run = new ArrayList<>();
                bytes = 0;
            }
            run.add(entry);
            bytes += entry.size();
        }
        if (!run.isEmpty()) {
            append(spool, run);
        }
    }

    private void append(Spool spool, List<HandedOver> run) throws InterruptedException {
        Lane lane = run.getFirst().lane();
        while (true) {
            try {
                appended(
                        run,
                        spool.append(lane, run.stream().map(HandedOver::message).toList()));
                return;
            } catch (PortException.Refused full) {
                if (closed(full)) {
                    later(full);
                    continue;
                }
                if (run.size() > 1) {
                    int half = run.size() / 2;
                    append(spool, run.subList(0, half));
                    append(spool, run.subList(half, run.size()));
                } else {
                    failed(full);
                    voids.add(lane, "capacity");
                }
                return;
            } catch (PortException.Unavailable disk) {
                later(disk);
            }
        }
    }

    /** What the lane's policy dropped is a durable void already. */
    private void appended(List<HandedOver> run, List<Spool.Appended> given) {
        int kept = (int) given.stream().filter(Spool.Appended::kept).count();
        int gone = run.size() - kept;
        if (kept > 0) {
            stored += kept;
            meter.count("mr_events_stored_total", kept);
        }
        if (gone > 0) {
            voided += gone;
            meter.count("mr_events_void_total", "cause", LaneLimits.OVERFLOW, gone);
        }
        lastCode = "";
        run.subList(0, kept).forEach(HandedOver::tell);
    }

    private void collectDropped() {
        for (Void one : dropped.drain(MAX_DROPPED)) {
            voids.add(one.lane(), one.cause());
        }
    }

    private void flushVoids(Spool spool) throws InterruptedException {
        try {
            voided += voids.write(spool);
        } catch (PortException.Unavailable | PortException.Refused disk) {
            later(disk);
        }
    }

    private void failed(PortException e) {
        meter.count("mr_outbox_failures_total", "code", e.code(), 1);
        if (!e.code().equals(lastCode)) {
            LOG.log(Level.ERROR, "the spool does not take events: {0}: {1}", e.code(), e.getMessage());
        }
        lastCode = e.code();
    }

    private void show() {
        int waiting = entries.size();
        meter.gauge("mr_outbox_waiting", waiting);
        state = new OutboxState(stored, voided, waiting, lastCode);
    }

    /** The spool is closed and nobody will open it again. */
    private static final class Ended extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private record Void(Lane lane, String cause) {}
}
