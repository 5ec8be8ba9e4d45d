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
import java.util.EnumMap;
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
    private static final int MAX_DROPPED = 100_000;
    private static final List<String> RESERVED = List.of("nats-", "mr-");

    private final SharedSpool shared;
    private final EventFormat format;
    private final OutboxSettings settings;
    private final Tasks tasks;
    private final Meter meter;
    private final Mailbox<Entry> entries;
    private final Mailbox<Void> dropped;
    private final Map<Lane, Map<String, Long>> voids = new EnumMap<>(Lane.class);
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
        this.entries = tasks.mailbox(settings.maxEvents(), settings.maxBytes(), Entry::size);
        this.dropped = tasks.mailbox(MAX_DROPPED);
    }

    @Override
    public String name() {
        return "outbox";
    }

    /** Takes an event over; false when it became a void instead. Never blocks, never throws. */
    public boolean publish(Outgoing outgoing) {
        try {
            byte[] body = format.encode(outgoing.event());
            Message message = new Message(
                    outgoing.subject(),
                    outgoing.event().id(),
                    Map.of(Message.CONTENT_TYPE, format.contentType()),
                    ByteBuffer.wrap(body),
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
        entries.offer(Entry.WAKE);
        return true;
    }

    @Override
    public void run() throws InterruptedException {
        Spool spool = open();
        while (true) {
            List<Entry> batch = next();
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
                failed(disk);
                show();
                tasks.sleep(RETRY);
            }
        }
    }

    private boolean hand(Lane lane, Message message, Runnable whenDurable) {
        meter.count("mr_events_created_total", 1);
        if (entries.offer(new Entry(lane, message, whenDurable))) {
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

    private List<Entry> next() throws InterruptedException {
        List<Entry> out = new ArrayList<>();
        entries.poll(finishing ? Duration.ZERO : LOOK).ifPresent(out::add);
        if (!out.isEmpty()) {
            out.addAll(entries.drain(settings.batchEvents() - 1));
        }
        out.removeIf(Entry::isWake);
        return out;
    }

    /** Appends runs of one lane, none larger than the bound of a batch. */
    private void store(Spool spool, List<Entry> batch) throws InterruptedException {
        List<Entry> run = new ArrayList<>();
        long bytes = 0;
        for (Entry entry : batch) {
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

    private void append(Spool spool, List<Entry> run) throws InterruptedException {
        Lane lane = run.getFirst().lane();
        while (true) {
            try {
                appended(
                        run, spool.append(lane, run.stream().map(Entry::message).toList()));
                return;
            } catch (PortException.Refused full) {
                if (run.size() > 1) {
                    int half = run.size() / 2;
                    append(spool, run.subList(0, half));
                    append(spool, run.subList(half, run.size()));
                } else {
                    failed(full);
                    addVoid(lane, "capacity", 1);
                }
                return;
            } catch (PortException.Unavailable disk) {
                failed(disk);
                show();
                tasks.sleep(RETRY);
            }
        }
    }

    /** What the lane's policy dropped is a durable void already. */
    private void appended(List<Entry> run, List<Spool.Appended> given) {
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
        run.subList(0, kept).forEach(Outbox::tell);
    }

    private static void tell(Entry entry) {
        try {
            entry.whenDurable().run();
        } catch (RuntimeException broken) {
            LOG.log(Level.ERROR, "a listener of event " + entry.message().id() + " failed", broken);
        }
    }

    private void collectDropped() {
        for (Void one : dropped.drain(MAX_DROPPED)) {
            addVoid(one.lane(), one.cause(), 1);
        }
    }

    private void addVoid(Lane lane, String cause, long count) {
        voids.computeIfAbsent(lane, l -> new java.util.TreeMap<>()).merge(cause, count, Long::sum);
    }

    private void flushVoids(Spool spool) throws InterruptedException {
        for (Lane lane : List.copyOf(voids.keySet())) {
            Map<String, Long> causes = voids.getOrDefault(lane, Map.of());
            for (Map.Entry<String, Long> one : List.copyOf(causes.entrySet())) {
                try {
                    spool.skip(lane, one.getValue(), one.getKey());
                } catch (PortException.Unavailable | PortException.Refused disk) {
                    failed(disk);
                    tasks.sleep(RETRY);
                    return;
                }
                causes.remove(one.getKey());
                voided += one.getValue();
                meter.count("mr_events_void_total", "cause", one.getKey(), one.getValue());
            }
            voids.remove(lane);
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

    private record Void(Lane lane, String cause) {}

    private record Entry(Lane lane, Message message, Runnable whenDurable) {
        static final Entry WAKE = new Entry(
                Lane.NORMAL,
                new Message(
                        io.machineroom.ports.stream.Delivery.VOID_SUBJECT,
                        "wake",
                        Map.of(),
                        ByteBuffer.allocate(0),
                        java.time.Instant.EPOCH),
                () -> {});

        /** Weight in the hand-over: the body and a guess for the rest. */
        long size() {
            return message.size() + 256L;
        }

        boolean isWake() {
            return message.id().equals("wake") && message.size() == 0;
        }
    }
}
