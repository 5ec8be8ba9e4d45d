package io.machineroom.domain.backplane;

import io.machineroom.domain.event.Events;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fills the vendor-facing streams from the event log, as their only writer and in its order
 * ({@code docs/protocol.md} section 7). Remembers its place in {@code vendor-streams.json}; what is written
 * twice after a crash falls to the duplicate window, and what a broker forgot is written again.
 */
final class VendorStreams implements Line.Work {
    private static final System.Logger LOG = System.getLogger(VendorStreams.class.getName());
    private static final String PLACE = "vendor-streams.json";
    private static final int BATCH = 500;
    private static final int MAX_PLACE = 64 << 10;
    private static final Duration MARK_EVERY = Duration.ofSeconds(10);

    private final EventLog log;
    private final FileTree files;
    private final JsonFormat json;
    private final EventDecoder decoder;
    private final TimeSource time;
    private final SubmissionIds ids = new SubmissionIds();
    private volatile VendorPlace place = new VendorPlace(0);
    private boolean recalled;
    private long markAt;

    VendorStreams(EventLog log, FileTree files, JsonFormat json, EventDecoder decoder, TimeSource time) {
        this.log = log;
        this.files = files;
        this.json = json;
        this.decoder = decoder;
        this.time = time;
    }

    /** Index of the next entry to be written. */
    long position() {
        return place.index();
    }

    static List<StreamSpec> streams() {
        return List.of(
                spec("MACHINE_ROOM_NODES", 5, "machine_room.nodes.*.>"),
                spec("MACHINE_ROOM_EVENTS", 0, "machine_room.events.*.lifecycle.>", "machine_room.events.*.machine.>"),
                spec("MACHINE_ROOM_SUBMISSION", 0, "machine_room.submit.>"));
    }

    private static StreamSpec spec(String name, long perSubject, String... subjects) {
        return new StreamSpec(
                name,
                List.of(subjects).stream().map(Subject::of).toList(),
                StreamSpec.Retention.LIMITS,
                0,
                Duration.ofHours(24),
                perSubject,
                StreamSpec.Discard.OLD);
    }

    /** Reads the place; before the task starts. */
    void load() {
        place = files.read(PLACE, MAX_PLACE)
                .map(bytes -> VendorPlace.load((Value.Obj) json.read(bytes), log.start()))
                .orElseGet(() -> new VendorPlace(log.start()));
    }

    @Override
    public void over(Link link) throws InterruptedException {
        recall();
        Map<String, Long> numbers = numbers(link);
        long back = place.meet(numbers);
        if (back > 0) {
            LOG.log(System.Logger.Level.INFO, "looks at the last {0} entries again: does the broker have them?", back);
        }
        if (!place.isMarked()) {
            place.mark(numbers);
            save();
        }
        markAt = time.ticks() + MARK_EVERY.toNanos();
        try (EventLog.Reader reader = log.reader(place.index())) {
            while (link.state() == Link.State.CONNECTED) {
                List<EventLog.Stored> read = reader.read(BATCH, Duration.ofSeconds(1));
                if (!read.isEmpty()) {
                    write(link, read);
                }
                if (time.ticks() - markAt >= 0 && place.wantsMark()) {
                    markAt = time.ticks() + MARK_EVERY.toNanos();
                    place.mark(numbers(link));
                    save();
                }
            }
        }
    }

    /** After a start: which submissions were written lately. */
    private void recall() throws InterruptedException {
        long end = place.index();
        if (recalled || place.oldest() >= end) {
            recalled = true;
            return;
        }
        try (EventLog.Reader reader = log.reader(place.oldest())) {
            List<EventLog.Stored> read = reader.read(BATCH, Duration.ZERO);
            while (!read.isEmpty() && read.getFirst().index() < end) {
                read.stream().filter(stored -> stored.index() < end).forEach(this::isRepeat);
                read = reader.read(BATCH, Duration.ZERO);
            }
        }
        recalled = true;
    }

    private boolean isRepeat(EventLog.Stored stored) {
        EventLog.Entry entry = stored.entry();
        return entry.message().isRaw() && !entry.stamp().isVoid() && ids.isRepeat(id(entry), stored.index());
    }

    private void write(Link link, List<EventLog.Stored> read) throws InterruptedException {
        Map<Long, Message> out = new LinkedHashMap<>();
        for (EventLog.Stored stored : read) {
            if (isRepeat(stored)) {
                place.leftOut(stored.index());
            }
            message(stored)
                    .filter(m -> !place.has(stream(m.subject()), stored.index()))
                    .ifPresent(m -> out.put(stored.index(), m));
        }
        if (!out.isEmpty()) {
            store(link, out);
        }
        place.reached(read.getLast().index() + 1);
        save();
    }

    private void save() {
        files.replace(PLACE, json.write(place.save()), 0600);
    }

    /** Makes the streams; the number of the newest message of each. */
    private static Map<String, Long> numbers(Link link) {
        Map<String, Long> out = new LinkedHashMap<>();
        streams().forEach(spec -> out.put(spec.name(), link.ensureStream(spec)));
        return out;
    }

    private static String stream(Subject subject) {
        return streams().stream()
                .filter(spec -> spec.subjects().stream().anyMatch(p -> p.matches(subject)))
                .findFirst()
                .map(StreamSpec::name)
                .orElse("");
    }

    /** All at once; when one cannot be taken, one by one without it, so that it does not hold up the others. */
    private void store(Link link, Map<Long, Message> out) throws InterruptedException {
        try {
            link.store(List.copyOf(out.values()));
        } catch (PortException.Refused | IllegalArgumentException e) {
            for (Map.Entry<Long, Message> one : out.entrySet()) {
                storeOne(link, one.getKey(), one.getValue());
            }
        }
    }

    private void storeOne(Link link, long entry, Message message) throws InterruptedException {
        try {
            link.store(List.of(message));
        } catch (PortException.Refused | IllegalArgumentException e) {
            LOG.log(System.Logger.Level.ERROR, message.id() + " stays in the event log only: " + e.getMessage());
            // at once: after a death, what is behind it must not be taken for it
            place.leftOut(entry);
            save();
        }
    }

    private Optional<Message> message(EventLog.Stored stored) {
        EventLog.Entry entry = stored.entry();
        if (entry.stamp().isVoid()) {
            return Optional.empty();
        }
        try {
            boolean inventory = entry.message().subject().equals(Events.REGISTRATION);
            Subject subject = inventory ? nodes(entry) : elsewhere(entry);
            byte[] body = inventory ? adapterDocument(entry) : entry.message().bytes();
            Message plain = new Message(
                    subject,
                    id(entry),
                    entry.message().headers(),
                    ByteBuffer.wrap(body),
                    entry.message().created());
            Message out = inventory ? plain.withHeader(Message.CONTENT_TYPE, "application/json") : plain;
            return Optional.of(out.withHeader("Mr-Node", entry.nodeKey())
                    .withHeader("Mr-Identity", entry.identity())
                    .withHeader("Mr-Site", entry.site())
                    .withHeader("Mr-Store-Index", Long.toString(stored.index())));
        } catch (RuntimeException e) {
            // whatever a node managed to get into an entry, it must not stop the entries behind it
            LOG.log(
                    System.Logger.Level.WARNING,
                    "entry " + stored.index() + " stays in the event log only: " + e.getMessage());
            LOG.log(System.Logger.Level.DEBUG, "entry " + stored.index(), e);
            return Optional.empty();
        }
    }

    /**
     * With the id of the event: two events on one number, of a clone, must not be taken for a repeat. A submission has its
     * own id alone: one that was taken twice by its node, because that died between, came under two numbers.
     */
    private static String id(EventLog.Entry entry) {
        Stamp stamp = entry.stamp();
        if (entry.message().isRaw()) {
            return entry.nodeKey() + ".submission." + entry.message().id();
        }
        return entry.nodeKey() + "." + stamp.epoch().nonce() + "."
                + stamp.lane().wireName() + "." + stamp.from() + "."
                + entry.message().id();
    }

    private static Subject nodes(EventLog.Entry entry) {
        return Subject.of("machine_room.nodes." + entry.customer() + "." + entry.identity());
    }

    private static Subject elsewhere(EventLog.Entry entry) {
        Subject subject = entry.message().subject();
        String customer = entry.customer();
        if (subject.isUnder("choria.lifecycle")) {
            return subject.without("choria.lifecycle").under("machine_room.events." + customer + ".lifecycle");
        }
        if (subject.isUnder("choria.machine")) {
            return subject.without("choria.machine").under("machine_room.events." + customer + ".machine");
        }
        Subject rest = subject.isUnder("choria.submission.in") ? subject.without("choria.submission.in") : subject;
        return rest.under("machine_room.submit." + customer);
    }

    /** The document that Choria's adapter would have written (spec streams 3.3). */
    private byte[] adapterDocument(EventLog.Entry entry) {
        Event event = decoder.decode(entry.message());
        Value.Obj document = Value.obj("protocol", Value.text("choria:adapters:choria_streams:output:1"))
                .with("data", Value.text(new String(json.write(event.data()), StandardCharsets.UTF_8)))
                .with("sender", Value.text(entry.identity()))
                .with(
                        "time",
                        Value.text(DateTimeFormatter.ISO_INSTANT.format(
                                event.time().truncatedTo(ChronoUnit.SECONDS))))
                .with("requestid", Value.text(event.id()));
        return json.write(document);
    }
}
