package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The one task that appends to the event log; commits of all partitions that wait share one sync. A disk that
 * refuses is asked again every second, and until then nobody is answered.
 */
final class LogWriter implements Tasks.Body {
    /** Stands for the node key in entries that the backplane itself made. */
    static final String OWN = "backplane";

    private static final System.Logger LOG = System.getLogger(LogWriter.class.getName());
    private static final int MAX_COMMITS = 64;

    private final EventLog log;
    private final EventFormat format;
    private final Tasks tasks;
    private final TimeSource time;
    private final Meter meter;
    private final Mailbox<Order> inbox;
    private long ownNumber;

    LogWriter(EventLog log, EventFormat format, Tasks tasks, TimeSource time, Meter meter) {
        this.log = log;
        this.format = format;
        this.tasks = tasks;
        this.time = time;
        this.meter = meter;
        this.inbox = tasks.mailbox(MAX_COMMITS);
    }

    /** What the writer is asked to do. */
    private sealed interface Order {
        /** Append and answer with the index of the first entry. */
        record Commit(List<EventLog.Entry> entries, List<Own> own, Mailbox<Long> reply) implements Order {}

        /** Save a state that covers every entry below the index. */
        record Save(long index, byte[] state, Mailbox<Long> reply) implements Order {}

        /** Free the space below the index. */
        record Trim(long index) implements Order {}
    }

    /**
     * An event of the backplane itself.
     *
     * @param about the node it tells about
     * @param subject subject as a node would have it
     */
    record Own(Origin about, Subject subject, Event event) {}

    /** Continues the numbers of the backplane's own events; before the task starts. */
    void resume(long lastOwnNumber) {
        ownNumber = Math.max(ownNumber, lastOwnNumber);
    }

    long ownNumber() {
        return ownNumber;
    }

    /** Appends and waits until it is durable. */
    void append(List<EventLog.Entry> entries, List<Own> own) throws InterruptedException {
        ask(reply -> new Order.Commit(entries, own, reply));
    }

    void save(long index, byte[] state) throws InterruptedException {
        ask(reply -> new Order.Save(index, state, reply));
    }

    void trim(long index) {
        inbox.offer(new Order.Trim(index));
    }

    private void ask(java.util.function.Function<Mailbox<Long>, Order> make) throws InterruptedException {
        Mailbox<Long> reply = tasks.mailbox(1);
        Order order = make.apply(reply);
        while (!inbox.offer(order)) {
            tasks.sleep(Duration.ofMillis(5));
        }
        reply.take();
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            List<Order> orders = new ArrayList<>();
            orders.add(inbox.take());
            orders.addAll(inbox.drain(MAX_COMMITS - 1));
            commit(orders);
            for (Order order : orders) {
                after(order);
            }
        }
    }

    private void commit(List<Order> orders) throws InterruptedException {
        List<EventLog.Entry> entries = new ArrayList<>();
        for (Order order : orders) {
            if (order instanceof Order.Commit commit) {
                entries.addAll(commit.entries());
                commit.own().forEach(own -> entries.add(entry(own)));
            }
        }
        if (!entries.isEmpty()) {
            appendUntilDurable(entries);
            meter.count("mr_backplane_stored_total", entries.size());
        }
        for (Order order : orders) {
            if (order instanceof Order.Commit commit) {
                commit.reply().offer(log.end());
            }
        }
    }

    private void appendUntilDurable(List<EventLog.Entry> entries) throws InterruptedException {
        while (true) {
            try {
                log.append(entries);
                return;
            } catch (PortException.Unavailable e) {
                meter.count("mr_backplane_log_failures_total", 1);
                LOG.log(System.Logger.Level.WARNING, "event log: " + e.code() + ": " + e.getMessage());
                tasks.sleep(Duration.ofSeconds(1));
            } catch (PortException.Refused e) {
                if (entries.stream().allMatch(entry -> entry.stamp().isVoid())) {
                    // nothing can be smaller than a void: it is the log that refuses, not the entry
                    throw e;
                }
                appendOneByOne(entries, e);
                return;
            }
        }
    }

    /** An entry that the log cannot hold becomes a void in its place: one bad record must not stop all others. */
    private void appendOneByOne(List<EventLog.Entry> entries, PortException.Refused reason)
            throws InterruptedException {
        if (entries.size() == 1) {
            EventLog.Entry bad = entries.getFirst();
            LOG.log(
                    System.Logger.Level.ERROR,
                    "number " + bad.stamp().from() + " of " + bad.identity() + " becomes a void: " + reason.code());
            meter.count("mr_backplane_log_failures_total", 1);
            Message nothing = new Message(
                    Delivery.VOID_SUBJECT,
                    "void-" + bad.stamp().from(),
                    Map.of(),
                    ByteBuffer.allocate(0),
                    bad.received());
            appendUntilDurable(List.of(new EventLog.Entry(
                    bad.customer(),
                    bad.site(),
                    bad.identity(),
                    bad.nodeKey(),
                    bad.stamp().voided("damaged"),
                    nothing,
                    bad.received())));
            return;
        }
        for (EventLog.Entry entry : entries) {
            appendUntilDurable(List.of(entry));
        }
    }

    /** What a full disk refuses is done at the next occasion. */
    private void attempt(String what, Runnable step) {
        try {
            step.run();
        } catch (PortException.Unavailable e) {
            meter.count("mr_backplane_log_failures_total", 1);
            LOG.log(System.Logger.Level.WARNING, what + " of the event log: " + e.code() + ": " + e.getMessage());
        }
    }

    private void after(Order order) {
        switch (order) {
            case Order.Commit commit -> {}
            case Order.Save save -> {
                attempt("snapshot", () -> log.saveSnapshot(save.index(), save.state()));
                save.reply().offer(save.index());
            }
            case Order.Trim trim -> attempt("trim", () -> log.trim(trim.index()));
        }
    }

    private EventLog.Entry entry(Own own) {
        Instant now = time.wall();
        Epoch epoch = new Epoch(log.storeId(), 1, log.storeId());
        Stamp stamp = Stamp.message(epoch, null, Lane.NORMAL, ++ownNumber);
        Message message = new Message(
                own.subject(),
                own.event().id(),
                Map.of(Message.CONTENT_TYPE, format.contentType()),
                ByteBuffer.wrap(format.encode(own.event())),
                now);
        return new EventLog.Entry(own.about().customer(), own.about().site(), OWN, OWN, stamp, message, now);
    }
}
