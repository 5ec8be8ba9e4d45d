package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes in the events of some of the nodes, whichever way they came: one task, one group commit per round.
 * Marks move before the commit and nobody hears of them until it is durable; a commit that cannot be made is
 * repeated until it can.
 */
final class Partition implements Tasks.Body {
    private static final int MAILBOX = 256;
    private static final int ROUND_RECORDS = 4000;
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final LogWriter writer;
    private final ReceiptBook book;
    private final TimeSource time;
    private final Entropy entropy;
    private final Meter meter;
    private final NodeHistory.Limits limits;
    private final Mailbox<Work> inbox;
    private final Map<String, NodeHistory> nodes = new HashMap<>();
    private long sweptAt;

    Partition(LogWriter writer, ReceiptBook book, IngestPorts ports, NodeHistory.Limits limits) {
        this.writer = writer;
        this.book = book;
        this.time = ports.time();
        this.entropy = ports.entropy();
        this.meter = ports.meter();
        this.limits = limits;
        this.inbox = ports.tasks().mailbox(MAILBOX);
    }

    /** What a partition is asked. */
    sealed interface Work {
        /**
         * Take these in.
         *
         * @param items records in the order of their numbers
         * @param hold whether early ones are kept, because they would come again late
         * @param reply where the answer goes
         * @param slot copied into the answer
         */
        record Batch(List<Arrived> items, boolean hold, Mailbox<Done> reply, int slot) implements Work {}

        /** Look at the state in the task that owns it. */
        record Look(Consumer<Partition> with) implements Work {}
    }

    /**
     * What became of a batch, once it is durable.
     *
     * @param slot as asked
     * @param fates one per record
     * @param receipt for the epoch and lane of the last record; null while nothing of it is stored
     * @param expected the number that comes next in that epoch and lane
     */
    record Done(int slot, List<Taken> fates, @Nullable SignedMark receipt, long expected) {}

    boolean offer(Work work) {
        return inbox.offer(work);
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            Optional<Work> first = inbox.poll(Duration.ofMillis(book.owes() ? 100 : 1000));
            List<Work> round = new ArrayList<>();
            int records = 0;
            for (Optional<Work> next = first; next.isPresent(); ) {
                round.add(next.get());
                records +=
                        next.get() instanceof Work.Batch batch ? batch.items().size() : 0;
                next = records < ROUND_RECORDS ? inbox.poll(Duration.ZERO) : Optional.empty();
            }
            turn(round);
        }
    }

    private void turn(List<Work> round) throws InterruptedException {
        long now = time.ticks();
        NodeHistory.Intake intake = new NodeHistory.Intake();
        java.util.IdentityHashMap<Work.Batch, List<Taken>> fates = new java.util.IdentityHashMap<>();
        for (Work work : round) {
            if (work instanceof Work.Batch batch) {
                fates.put(batch, judge(batch, now, intake));
            }
        }
        if (now - sweptAt >= SWEEP_NANOS) {
            sweptAt = now;
            nodes.values().forEach(node -> node.sweep(now, intake));
        }
        commit(intake);
        for (Arrived arrived : intake.stored()) {
            owe(arrived, now);
        }
        for (Work work : round) {
            switch (work) {
                case Work.Batch batch -> answer(batch, fates.getOrDefault(batch, List.of()), now);
                case Work.Look look -> look.with().accept(this);
            }
        }
        book.flush(time.ticks());
    }

    private List<Taken> judge(Work.Batch batch, long now, NodeHistory.Intake intake) {
        List<Taken> fates = new ArrayList<>(batch.items().size());
        for (Arrived arrived : batch.items()) {
            Taken fate = node(arrived.origin()).offer(arrived, batch.hold(), now, intake);
            meter.count("mr_backplane_arrivals_total", "fate", fate.name().toLowerCase(java.util.Locale.ROOT), 1);
            fates.add(fate);
        }
        return fates;
    }

    private void commit(NodeHistory.Intake intake) throws InterruptedException {
        if (intake.stored().isEmpty() && intake.forks().isEmpty()) {
            return;
        }
        Instant received = time.wall();
        List<EventLog.Entry> entries = new ArrayList<>();
        for (Arrived a : intake.stored()) {
            Origin o = a.origin();
            entries.add(new EventLog.Entry(
                    o.customer(), o.site(), o.identity(), o.nodeKey(), a.stamp(), a.message(), received));
        }
        List<LogWriter.Own> own = intake.forks().stream().map(this::forked).toList();
        writer.append(entries, own);
    }

    private void owe(Arrived arrived, long now) {
        Stamp stamp = arrived.stamp();
        node(arrived.origin())
                .through(stamp)
                .ifPresent(n -> book.owe(arrived.origin(), stamp.epoch(), stamp.lane(), n, now));
    }

    private void answer(Work.Batch batch, List<Taken> fates, long now) {
        for (int i = 0; i < fates.size(); i++) {
            if (fates.get(i) == Taken.KNOWN) {
                owe(batch.items().get(i), now);
            }
        }
        Arrived last = batch.items().getLast();
        Stamp stamp = last.stamp();
        long through = node(last.origin()).through(stamp).orElse(0L);
        SignedMark receipt = through == 0
                ? null
                : book.receipts().sign(last.origin().nodeKey(), book.mark(stamp.epoch(), stamp.lane(), through));
        batch.reply().offer(new Done(batch.slot(), fates, receipt, through + 1));
    }

    private LogWriter.Own forked(Arrived arrived) {
        Origin origin = arrived.origin();
        Instant now = time.wall().truncatedTo(ChronoUnit.SECONDS);
        meter.count("mr_backplane_forks_total", 1);
        String type = "io.machineroom.node_forked.v1";
        Value.Obj data = Value.obj("protocol", Value.text(type), "identity", Value.text(origin.identity()))
                .with("timestamp", Value.num(now.getEpochSecond()))
                .with("code", Value.text("node.forked"))
                .with("node", Value.text(origin.nodeKey()))
                .with("epoch", Value.text(arrived.stamp().epoch().wire()))
                .with("lane", Value.text(arrived.stamp().lane().wireName()))
                .with("number", Value.num(arrived.stamp().from()));
        Event event = new Event(entropy.uuid(), "io.machineroom.backplane", type, origin.identity(), now, data);
        return new LogWriter.Own(origin, Subject.of("choria.machine.room.node_forked"), event);
    }

    private NodeHistory node(Origin origin) {
        return nodes.computeIfAbsent(key(origin), k -> new NodeHistory(origin, limits));
    }

    static String key(Origin origin) {
        return origin.customer() + "/" + origin.nodeKey();
    }

    /** Repeats a stored entry; before the task starts. */
    void replay(EventLog.Entry entry) {
        Origin origin = new Origin(entry.customer(), entry.site(), entry.identity(), entry.nodeKey());
        node(origin).replay(origin, entry.stamp(), entry.message().id());
    }

    /** Takes a saved node; before the task starts. */
    void restore(NodeHistory node) {
        nodes.put(key(node.origin()), node);
    }

    NodeHistory.Limits limits() {
        return limits;
    }

    /** Ledger of all nodes here; from the partition's task only. */
    List<LedgerRow> rows() {
        return nodes.values().stream().flatMap(node -> node.rows().stream()).toList();
    }

    /** State of all nodes here; from the partition's task only. */
    List<Value> save() {
        return nodes.values().stream().<Value>map(NodeHistory::save).toList();
    }
}
