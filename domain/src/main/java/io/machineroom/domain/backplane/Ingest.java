package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.SignedMark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one door through which events reach the event log: restores order per node, epoch and lane, drops
 * repeats, keeps forks, and says what is stored for good (architecture 2.22). Nodes are spread over
 * partitions, each a task. Marks are rebuilt from the newest snapshot and the log behind it.
 */
public final class Ingest {
    private static final System.Logger LOG = System.getLogger(Ingest.class.getName());
    private static final int SNAPSHOT_ENTRIES = 20_000;
    private static final long SNAPSHOT_NANOS = 60_000_000_000L;
    private static final int MAX_SNAPSHOT_BYTES = 64 << 20;
    private static final int ROUND_GROUPS = 64; // the mailbox of one partition holds as many
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final EventLog log;
    private final IngestPorts ports;
    private final LogWriter writer;
    private final List<Partition> partitions = new ArrayList<>();

    Ingest(EventLog log, IngestPorts ports, Receipts receipts, ReceiptSender sender, Settings settings) {
        this.log = log;
        this.ports = ports;
        this.writer = new LogWriter(log, ports.format(), ports.tasks(), ports.time(), ports.meter());
        for (int i = 0; i < settings.partitions(); i++) {
            ReceiptBook book = new ReceiptBook(receipts, sender, log.storeId(), ports.meter());
            partitions.add(new Partition(writer, book, ports, settings, this::rebuild));
        }
    }

    /**
     * How to take in.
     *
     * @param partitions tasks that share the nodes
     * @param forkIds ids of forks that are remembered of all nodes together
     * @param limits bounds per node
     * @param judge how an arrival is judged
     */
    record Settings(int partitions, int forkIds, NodeHistory.Limits limits, Partition.Judge judge) {
        static Settings defaults() {
            return new Settings(8, 65_536, NodeHistory.Limits.defaults(), NodeHistory::offer);
        }

        Settings withLimits(NodeHistory.Limits other) {
            return new Settings(partitions, forkIds, other, judge);
        }

        Settings withJudge(Partition.Judge other) {
            return new Settings(partitions, forkIds, limits, other);
        }
    }

    /**
     * What became of a submission.
     *
     * @param fates one per record, in order
     * @param receipt for the epoch and lane of the last record; null when nothing of it is stored
     * @param expected the number that comes next there
     */
    public record Result(List<Taken> fates, @Nullable SignedMark receipt, long expected) {}

    /** Reads snapshot and log; before it is started. Takes time in proportion to what lies behind the snapshot. */
    void restore() throws InterruptedException {
        long from = log.start();
        Optional<EventLog.Snapshot> snapshot = log.snapshot();
        if (snapshot.isPresent()) {
            from = snapshot.get().index();
            load((Value.Obj) ports.json().read(snapshot.get().state(), MAX_SNAPSHOT_BYTES));
        }
        long end = log.end();
        read(from, end, this::replay);
        LOG.log(System.Logger.Level.INFO, "event log: entries to " + end + ", " + (end - from) + " replayed");
    }

    private void read(long from, long end, Consumer<EventLog.Entry> to) throws InterruptedException {
        try (EventLog.Reader reader = log.reader(from)) {
            long next = from;
            while (next < end) {
                List<EventLog.Stored> read = reader.read(1000, Duration.ofSeconds(1));
                if (read.isEmpty()) {
                    break;
                }
                read.forEach(stored -> to.accept(stored.entry()));
                next = read.getLast().index() + 1;
            }
        }
    }

    private void load(Value.Obj state) {
        writer.resume(state.whole("own").orElse(0L));
        for (Value node : state.list("nodes")) {
            Partition partition = partition(NodeHistory.origin((Value.Obj) node));
            partition.restore(NodeHistory.load((Value.Obj) node, partition.limits(), partition.forks()));
        }
    }

    /** One node as snapshot and log tell it; everything it was ever answered is in there. */
    private NodeHistory rebuild(Origin origin) throws InterruptedException {
        Partition partition = partition(origin);
        NodeHistory node = new NodeHistory(origin, partition.limits(), partition.forks());
        long from = log.start();
        Optional<EventLog.Snapshot> snapshot = log.snapshot();
        if (snapshot.isPresent()) {
            from = snapshot.get().index();
            Value.Obj state = (Value.Obj) ports.json().read(snapshot.get().state(), MAX_SNAPSHOT_BYTES);
            for (Value saved : state.list("nodes")) {
                if (Partition.key(NodeHistory.origin((Value.Obj) saved)).equals(Partition.key(origin))) {
                    node = NodeHistory.load((Value.Obj) saved, partition.limits(), partition.forks());
                }
            }
        }
        NodeHistory history = node;
        read(from, log.end(), entry -> {
            Origin of = origin(entry);
            if (Partition.key(of).equals(Partition.key(origin))) {
                history.replay(of, entry.stamp(), entry.message().id());
            }
        });
        return history;
    }

    private static Origin origin(EventLog.Entry entry) {
        return new Origin(entry.customer(), entry.site(), entry.identity(), entry.nodeKey());
    }

    private void replay(EventLog.Entry entry) {
        if (entry.nodeKey().equals(LogWriter.OWN)) {
            writer.resume(entry.stamp().through());
        } else {
            partition(origin(entry)).replay(entry);
        }
    }

    /** The tasks to keep running, by name. */
    Map<String, Tasks.Body> bodies() {
        Map<String, Tasks.Body> bodies = new TreeMap<>();
        bodies.put("event-log", writer);
        for (int i = 0; i < partitions.size(); i++) {
            bodies.put("ingest-" + i, partitions.get(i));
        }
        bodies.put("snapshots", this::keepSnapshots);
        return bodies;
    }

    /**
     * Takes records in, in the order given, and waits until what could be stored is durable.
     *
     * @param hold whether early records are kept for a while; the caller still has to bring them again
     * @throws PortException.Unavailable {@code ingest.busy}
     */
    Result submit(List<Arrived> arrivals, boolean hold) throws InterruptedException {
        Map<Partition, List<Integer>> shares = new LinkedHashMap<>();
        for (int i = 0; i < arrivals.size(); i++) {
            shares.computeIfAbsent(partition(arrivals.get(i).origin()), p -> new ArrayList<>())
                    .add(i);
        }
        Mailbox<Partition.Done> replies = ports.tasks().mailbox(Math.max(1, shares.size()));
        List<List<Integer>> slots = new ArrayList<>();
        for (Map.Entry<Partition, List<Integer>> share : shares.entrySet()) {
            List<Arrived> items = share.getValue().stream().map(arrivals::get).toList();
            if (!share.getKey().offer(new Partition.Work.Batch(items, hold, replies, slots.size()))) {
                throw busy();
            }
            slots.add(share.getValue());
        }
        List<Taken> fates = new ArrayList<>(Collections.nCopies(arrivals.size(), Taken.AHEAD));
        Partition.Done last = null;
        for (int i = 0; i < slots.size(); i++) {
            last = replies.poll(PATIENCE).orElseThrow(Ingest::busy);
            List<Integer> slot = slots.get(last.slot());
            for (int k = 0; k < slot.size(); k++) {
                fates.set(slot.get(k), last.fates().get(k));
            }
        }
        return last == null
                ? new Result(List.of(), null, 1)
                : new Result(fates, slots.size() == 1 ? last.receipt() : null, last.expected());
    }

    /**
     * Takes batches of several nodes in, each judged by itself; waits until what could be stored is durable and keeps no more.
     *
     * @param groups none empty, each of one node, epoch and lane; the results are in this order
     * @throws PortException.Unavailable {@code ingest.busy}; some of it may be stored all the same
     */
    List<Result> submitGroups(List<List<Arrived>> groups) throws InterruptedException {
        List<Result> results = new ArrayList<>();
        for (int from = 0; from < groups.size(); from += ROUND_GROUPS) {
            results.addAll(round(groups.subList(from, Math.min(groups.size(), from + ROUND_GROUPS))));
        }
        return results;
    }

    private List<Result> round(List<List<Arrived>> groups) throws InterruptedException {
        Mailbox<Partition.Done> replies = ports.tasks().mailbox(groups.size());
        for (int i = 0; i < groups.size(); i++) {
            var work = new Partition.Work.Batch(groups.get(i), false, replies, i);
            if (!partition(work.items().getFirst().origin()).offer(work)) {
                throw busy();
            }
        }
        List<Result> results = new ArrayList<>(Collections.nCopies(groups.size(), new Result(List.of(), null, 1)));
        for (int i = 0; i < groups.size(); i++) {
            Partition.Done done = replies.poll(PATIENCE).orElseThrow(Ingest::busy);
            results.set(done.slot(), new Result(done.fates(), done.receipt(), done.expected()));
        }
        return results;
    }

    private static PortException.Unavailable busy() {
        return new PortException.Unavailable(
                "ingest.busy",
                "more events wait than can be stored now; send again later",
                null,
                Duration.ofSeconds(2));
    }

    /** The ledger of all nodes, by customer, identity and lane. */
    List<LedgerRow> ledger() throws InterruptedException {
        List<LedgerRow> rows = new ArrayList<>(ask(Partition::rows));
        rows.sort(Comparator.comparing((LedgerRow r) -> r.origin().customer())
                .thenComparing(r -> r.origin().identity())
                .thenComparing(LedgerRow::lane));
        return rows;
    }

    private <T> List<T> ask(java.util.function.Function<Partition, List<T>> question) throws InterruptedException {
        Mailbox<List<T>> answers = ports.tasks().mailbox(partitions.size());
        for (Partition partition : partitions) {
            if (!partition.offer(new Partition.Work.Look(p -> answers.offer(question.apply(p))))) {
                throw busy();
            }
        }
        List<T> all = new ArrayList<>();
        for (int i = 0; i < partitions.size(); i++) {
            all.addAll(answers.poll(PATIENCE).orElseThrow(Ingest::busy));
        }
        return all;
    }

    private void keepSnapshots() throws InterruptedException {
        long savedAt = ports.time().ticks();
        long saved = log.snapshot().map(EventLog.Snapshot::index).orElse(log.start());
        while (true) {
            ports.tasks().sleep(Duration.ofSeconds(1));
            long waiting = log.end() - saved;
            long now = ports.time().ticks();
            if (waiting >= SNAPSHOT_ENTRIES || (waiting > 0 && now - savedAt >= SNAPSHOT_NANOS)) {
                try {
                    saved = snapshot();
                } catch (PortException.Unavailable busy) {
                    LOG.log(System.Logger.Level.WARNING, "no snapshot now: " + busy.code());
                }
                savedAt = now;
            }
        }
    }

    /** Saves the marks. The index is taken first: what is stored meanwhile is in the state and replayed without effect. */
    long snapshot() throws InterruptedException {
        long index = log.end();
        List<Value> nodes = ask(Partition::save);
        Value.Obj state = Value.obj("version", Value.num(1), "own", Value.num(writer.ownNumber()))
                .with("nodes", new Value.Arr(nodes));
        byte[] bytes = ports.json().write(state);
        if (bytes.length <= MAX_SNAPSHOT_BYTES) {
            writer.save(index, bytes);
        } else {
            LOG.log(System.Logger.Level.WARNING, "marks of all nodes need " + bytes.length + " bytes: no snapshot");
        }
        return index;
    }

    /** Lets go of entries below the index. */
    void trim(long index) {
        writer.trim(index);
    }

    private Partition partition(Origin origin) {
        return partitions.get(Math.floorMod(Partition.key(origin).hashCode(), partitions.size()));
    }
}
