package io.machineroom.domain.backplane;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimEventLog;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimNode;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An ingest on a simulated disk that can be crashed and started again. */
final class IngestWorld {
    static final Origin NODE = new Origin("acme", "plant", "n1", "UNODE1");

    final SimTasks tasks;
    final SimStorage disk;
    final List<SignedMark> receipts = new ArrayList<>();
    final SimMeter meter = new SimMeter();
    private final SimKeyring keys;
    private Ingest.Settings settings = Ingest.Settings.defaults();
    private ReceiptSender sender = (origin, mark) -> receipts.add(mark);
    private int generation;
    private @Nullable SimNode process;
    private @Nullable Ingest ingest;
    private @Nullable EventLog log;

    IngestWorld(long seed) {
        tasks = new SimTasks(seed);
        disk = new SimStorage(tasks::await);
        keys = new SimKeyring(tasks.entropy());
        keys.ensure(Receipts.KEY);
    }

    /** How the next start takes in. */
    IngestWorld with(Ingest.Settings other) {
        settings = other;
        return this;
    }

    /** Who sends receipts after the next start. */
    IngestWorld sending(ReceiptSender other) {
        sender = other;
        return this;
    }

    /** The key that receipts are checked with. */
    VerifyKey.Ed25519 receiptKey() {
        return keys.publicKey(Receipts.KEY).orElseThrow();
    }

    /** Starts the process on what lies on the disk. */
    IngestWorld start() {
        SimNode node = tasks.node("backplane-" + generation++);
        process = node;
        EventLog opened = SimEventLog.open(disk, SpoolProvider.LogSettings.defaults(Path.of("/log")), tasks.entropy());
        log = opened;
        IngestPorts ports = new IngestPorts(node, tasks.time(), tasks.entropy(), meter, new SimJson(), new SimEvents());
        Ingest made = new Ingest(opened, ports, new Receipts(keys), sender, settings);
        ingest = made;
        tasks.run(() -> {
            made.restore();
            Tasks inside = node;
            made.bodies().forEach(inside::fork);
        });
        return this;
    }

    /** The power fails. */
    IngestWorld crash() {
        if (process != null) {
            process.crash();
        }
        disk.crash();
        return this;
    }

    Ingest ingest() {
        if (ingest == null) {
            throw new IllegalStateException("not started");
        }
        return ingest;
    }

    /** Brings records as a broker would: early ones are kept for a while. */
    List<Taken> bring(Arrived... records) {
        List<Taken> out = new ArrayList<>();
        tasks.run(() -> out.addAll(ingest().submit(List.of(records), true).fates()));
        return out;
    }

    /** Brings records as the gateway would. */
    Ingest.Result post(Arrived... records) {
        List<Ingest.Result> out = new ArrayList<>();
        tasks.run(() -> out.add(ingest().submit(List.of(records), false)));
        return out.getFirst();
    }

    /** Everything in the log, in order. */
    List<EventLog.Entry> stored() {
        List<EventLog.Entry> out = new ArrayList<>();
        tasks.run(() -> {
            if (log == null) {
                throw new IllegalStateException("not started");
            }
            try (EventLog.Reader reader = log.reader(0)) {
                for (List<EventLog.Stored> read = reader.read(100, Duration.ZERO);
                        !read.isEmpty();
                        read = reader.read(100, Duration.ZERO)) {
                    read.forEach(s -> out.add(s.entry()));
                }
            }
        });
        return out;
    }

    /** Ids of the events of a node in the log, voids as {@code from-through}, in order. */
    List<String> ids(Origin node) {
        return stored().stream()
                .filter(e -> e.nodeKey().equals(node.nodeKey()) && e.customer().equals(node.customer()))
                .map(e -> e.stamp().isVoid()
                        ? e.stamp().from() + "-" + e.stamp().through()
                        : e.message().id())
                .toList();
    }

    Totals ledger(Origin node) {
        List<Totals> sum = new ArrayList<>(List.of(Totals.NONE));
        tasks.run(() -> ingest().ledger().stream()
                .filter(r -> r.origin().nodeKey().equals(node.nodeKey())
                        && r.origin().customer().equals(node.customer()))
                .forEach(r -> sum.set(0, sum.getFirst().plus(r.totals()))));
        return sum.getFirst();
    }

    /** Whether the backplane raised a fork. */
    long forksTold() {
        return stored().stream()
                .filter(e -> e.nodeKey().equals(LogWriter.OWN)
                        && e.message().subject().text().equals("choria.machine.room.node_forked"))
                .count();
    }

    static Epoch epoch(long ordinal) {
        return epoch(ordinal, 'e');
    }

    static Epoch epoch(long ordinal, char nonce) {
        return new Epoch(
                "a".repeat(32),
                ordinal,
                (Long.toHexString(ordinal) + String.valueOf(nonce).repeat(32)).substring(0, 32));
    }

    static Arrived event(Origin node, Epoch epoch, Stamp.@Nullable EpochEnd previous, long number, String id) {
        Message message = new Message(
                Subject.of("choria.machine.transition"),
                id,
                Map.of(Message.CONTENT_TYPE, "application/cloudevents+json"),
                ByteBuffer.wrap(new byte[] {'{', '}'}),
                SimTasks.START);
        return new Arrived(node, Stamp.message(epoch, previous, Lane.NORMAL, number), message);
    }

    static Arrived event(long number) {
        return event(NODE, epoch(1), null, number, "id-" + number);
    }

    static Arrived nothing(long from, long through, String cause) {
        Stamp stamp = new Stamp(epoch(1), null, Lane.NORMAL, from, through, cause);
        Message message =
                new Message(Delivery.VOID_SUBJECT, "void-" + from, Map.of(), ByteBuffer.allocate(0), SimTasks.START);
        return new Arrived(NODE, stamp, message);
    }
}
