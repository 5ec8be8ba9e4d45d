package io.machineroom.domain.backplane;

import io.machineroom.domain.event.Events;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.store.EventLog;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When each node was last heard of and with what: follows the event log, publishes a fresh map at most four times a
 * second, so that single events do not each cost a copy of all nodes, and saves its place every minute in {@code directory.json}.
 */
final class NodeDirectory implements Tasks.Body {
    private static final System.Logger LOG = System.getLogger(NodeDirectory.class.getName());
    private static final String FILE = "directory.json";
    private static final int MAX_BYTES = 64 << 20;
    private static final long SAVE_NANOS = 60_000_000_000L;
    private static final long PUBLISH_NANOS = 250_000_000L;

    private final EventLog log;
    private final FileTree files;
    private final JsonFormat json;
    private final TimeSource time;
    private volatile Map<String, Sign> signs = Map.of();
    private volatile long position;

    NodeDirectory(EventLog log, FileTree files, JsonFormat json, TimeSource time) {
        this.log = log;
        this.files = files;
        this.json = json;
        this.time = time;
    }

    /**
     * The newest sign of a node.
     *
     * @param seen when it was taken in, Unix seconds
     * @param subject subject of the newest event
     * @param events events and voids taken in
     * @param inventory index of the newest inventory in the log; -1 when there is none
     */
    record Sign(long seen, String subject, long events, long inventory) {
        Value.Obj document() {
            return Value.obj("seen", Value.num(seen), "subject", Value.text(subject))
                    .with("events", Value.num(events))
                    .with("inventory", Value.num(inventory));
        }

        static Sign of(Value.Obj saved) {
            return new Sign(
                    saved.whole("seen").orElse(0L),
                    saved.text("subject").orElse(""),
                    saved.whole("events").orElse(0L),
                    saved.whole("inventory").orElse(-1L));
        }
    }

    Optional<Sign> of(Origin origin) {
        return Optional.ofNullable(signs.get(Partition.key(origin)));
    }

    @Override
    public void run() throws InterruptedException {
        load();
        Map<String, Sign> working = new HashMap<>(signs);
        long savedAt = time.ticks();
        long saved = position;
        long published = position;
        long next = position;
        long publishedAt = time.ticks() - PUBLISH_NANOS;
        try (EventLog.Reader reader = log.reader(position)) {
            while (true) {
                List<EventLog.Stored> read = reader.read(1000, Duration.ofSeconds(1));
                read.forEach(stored -> note(working, stored));
                next = read.isEmpty() ? next : read.getLast().index() + 1;
                if (next > published && (read.isEmpty() || time.ticks() - publishedAt >= PUBLISH_NANOS)) {
                    signs = Map.copyOf(working);
                    position = next;
                    published = next;
                    publishedAt = time.ticks();
                }
                if (position > saved && time.ticks() - savedAt >= SAVE_NANOS) {
                    save();
                    saved = position;
                    savedAt = time.ticks();
                }
            }
        }
    }

    private static void note(Map<String, Sign> into, EventLog.Stored stored) {
        EventLog.Entry entry = stored.entry();
        if (entry.nodeKey().equals(LogWriter.OWN)) {
            return;
        }
        String key = entry.customer() + "/" + entry.nodeKey();
        Sign before = into.get(key);
        boolean inventory = entry.message().subject().equals(Events.REGISTRATION);
        into.put(
                key,
                new Sign(
                        entry.received().getEpochSecond(),
                        entry.message().subject().text(),
                        (before == null ? 0 : before.events()) + 1,
                        inventory ? stored.index() : before == null ? -1 : before.inventory()));
    }

    private void load() {
        Value.Obj saved = files.read(FILE, MAX_BYTES)
                .map(bytes -> (Value.Obj) json.read(bytes, MAX_BYTES))
                .orElse(Value.obj());
        Map<String, Sign> all = new HashMap<>();
        Value.Obj nodes = saved.obj("nodes").orElse(Value.obj());
        nodes.fields().forEach((key, sign) -> all.put(key, Sign.of((Value.Obj) sign)));
        signs = Map.copyOf(all);
        position = Math.max(saved.whole("index").orElse(0L), log.start());
    }

    private void save() {
        Map<String, Value> nodes = new TreeMap<>();
        signs.forEach((key, sign) -> nodes.put(key, sign.document()));
        Value.Obj document = Value.obj("index", Value.num(position), "nodes", Value.obj(nodes));
        try {
            files.replace(FILE, json.write(document), 0600);
        } catch (PortException.Unavailable disk) {
            LOG.log(System.Logger.Level.WARNING, "node directory not saved: " + disk.code());
        }
    }
}
