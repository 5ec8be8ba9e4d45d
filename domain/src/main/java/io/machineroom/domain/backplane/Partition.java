package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Stamp;
import java.time.Duration;
import java.time.Instant;
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
    private static final long MAILBOX_BYTES = 32L << 20;
    private static final int ROUND_RECORDS = 4000;
    private static final long SWEEP_NANOS = 1_000_000_000L;

    private final LogWriter writer;
    private final ReceiptBook book;
    private final TimeSource time;
    private final ForkNews news;
    private final Meter meter;
    private final NodeHistory.Limits limits;
    private final Judge judge;
    private final Rebuild rebuild;
    private final ForkBudget forks;
    private final Quarantine quarantine;
    private final Mailbox<Work> inbox;
    private final Map<String, NodeHistory> nodes = new HashMap<>();
    private long sweptAt;

    Partition(LogWriter writer, ReceiptBook book, IngestPorts ports, Ingest.Settings settings, Rebuild rebuild) {
        this.writer = writer;
        this.book = book;
        this.time = ports.time();
        this.news = new ForkNews(ports);
        this.meter = ports.meter();
        this.limits = settings.limits();
        this.judge = settings.judge();
        this.rebuild = rebuild;
        this.forks = new ForkBudget(settings.forkIds() / settings.partitions(), meter);
        this.quarantine = new Quarantine(meter);
        this.inbox = ports.tasks().mailbox(MAILBOX, MAILBOX_BYTES, Work::weight);
    }

    /** How an arrival is judged; {@link NodeHistory#offer}. */
    interface Judge {
        Taken offer(NodeHistory node, Arrived arrived, boolean hold, long now, NodeHistory.Intake into);
    }

    /** Reads what is known of a node from the log again. */
    interface Rebuild {
        NodeHistory of(Origin origin) throws InterruptedException;
    }

    /** What a partition is asked. */
    sealed interface Work {
        /** Bytes it keeps while it waits. */
        default long weight() {
            return 0;
        }

        /**
         * Take these in.
         *
         * @param items records in the order of their numbers
         * @param hold whether early ones are kept, because they would come again late
         * @param reply where the answer goes
         * @param slot copied into the answer
         */
        record Batch(List<Arrived> items, boolean hold, Mailbox<Done> reply, int slot) implements Work {
            @Override
            public long weight() {
                return items.stream().mapToLong(Arrived::weight).sum();
            }
        }

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
            for (NodeHistory node : List.copyOf(nodes.values())) {
                sweep(node, now, intake);
            }
        }
        takeBack(fates);
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

    private List<Taken> judge(Work.Batch batch, long now, NodeHistory.Intake intake) throws InterruptedException {
        List<Taken> fates = new ArrayList<>(batch.items().size());
        for (Arrived arrived : batch.items()) {
            Taken fate = judge(arrived, batch.hold(), now, intake);
            meter.count("mr_backplane_arrivals_total", "fate", fate.name().toLowerCase(java.util.Locale.ROOT), 1);
            fates.add(fate);
        }
        return fates;
    }

    private Taken judge(Arrived arrived, boolean hold, long now, NodeHistory.Intake intake)
            throws InterruptedException {
        Origin origin = arrived.origin();
        if (quarantine.waits(key(origin), now)) {
            return Taken.AHEAD;
        }
        try {
            return judge.offer(node(origin), arrived, hold, now, intake);
        } catch (RuntimeException fault) {
            Stamp stamp = arrived.stamp();
            String what =
                    "epoch " + stamp.epoch().wire() + " lane " + stamp.lane().wireName() + " number " + stamp.from();
            quarantine(origin, what, fault, now, intake);
            return Taken.AHEAD;
        }
    }

    private void sweep(NodeHistory node, long now, NodeHistory.Intake intake) throws InterruptedException {
        try {
            node.sweep(now, intake);
        } catch (RuntimeException fault) {
            quarantine(node.origin(), "while giving up missing numbers", fault, now, intake);
        }
    }

    /** The marks of the node may be wrong now: nothing of this round is stored, and the log tells them again. */
    private void quarantine(Origin origin, String what, RuntimeException fault, long now, NodeHistory.Intake intake)
            throws InterruptedException {
        String key = key(origin);
        quarantine.enter(key, what, fault, now);
        intake.drop(origin);
        NodeHistory gone = nodes.remove(key);
        if (gone != null) {
            gone.release();
        }
        nodes.put(key, rebuild.of(origin));
    }

    /** What was judged in this round before its node met a fault comes again, too. */
    private void takeBack(Map<Work.Batch, List<Taken>> fates) {
        java.util.Set<String> entered = quarantine.entered();
        if (entered.isEmpty()) {
            return;
        }
        fates.forEach((batch, taken) -> {
            for (int i = 0; i < taken.size(); i++) {
                if (entered.contains(key(batch.items().get(i).origin()))) {
                    taken.set(i, Taken.AHEAD);
                }
            }
        });
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
        List<LogWriter.Own> own = intake.forks().stream().map(news::of).toList();
        writer.append(entries, own);
    }

    private void owe(Arrived arrived, long now) {
        Stamp stamp = arrived.stamp();
        node(arrived.origin())
                .stand(stamp)
                .ifPresent(stand -> book.owe(arrived.origin(), stamp.epoch(), stamp.lane(), stand, now));
    }

    private void answer(Work.Batch batch, List<Taken> fates, long now) {
        for (int i = 0; i < fates.size(); i++) {
            if (fates.get(i) == Taken.KNOWN) {
                owe(batch.items().get(i), now);
            }
        }
        Arrived last = batch.items().getLast();
        Stamp stamp = last.stamp();
        NodeHistory node = node(last.origin());
        SignedMark receipt = node.stand(stamp)
                .map(stand -> book.sign(last.origin(), stamp.epoch(), stamp.lane(), stand))
                .orElse(null);
        batch.reply().offer(new Done(batch.slot(), fates, receipt, node.expected(stamp)));
    }

    private NodeHistory node(Origin origin) {
        return nodes.computeIfAbsent(key(origin), k -> new NodeHistory(origin, limits, forks));
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

    ForkBudget forks() {
        return forks;
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
