package io.machineroom.domain.backplane;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes an HTTPS batch apart ({@code docs/protocol.md} section 4): a manifest that gives each event its number,
 * then the events as they lie in the spool. Opens the manifest only.
 */
final class BatchReader {
    static final int MAX_EVENTS = 1000;
    private static final String MANIFEST = "io.machineroom.batch.v1";

    private final List<EventFormat> formats;
    private final TimeSource time;

    BatchReader(List<EventFormat> formats, TimeSource time) {
        this.formats = List.copyOf(formats);
        this.time = time;
    }

    /**
     * The records of a batch of one node, in order.
     *
     * @throws PortException.Refused {@code request.type}, {@code batch.invalid}, {@code batch.too-many}
     */
    List<Arrived> read(Gateway.Request request, Origin origin) {
        return records(open(request), request, origin);
    }

    /**
     * Opens the manifest of a batch, and nothing else of it.
     *
     * @throws PortException.Refused {@code request.type}, {@code batch.invalid}
     */
    Opened open(Gateway.Request request) {
        String type = request.header("content-type").orElse("").split(";", 2)[0].strip();
        EventFormat format = formats.stream()
                .filter(f -> f.batchContentType().equals(type))
                .findFirst()
                .orElseThrow(() -> new PortException.Refused(
                        "request.type", "content type '" + type + "' is not a CloudEvents batch"));
        return fitting(() -> {
            List<byte[]> parts = format.split(request.body(), MAX_EVENTS + 1);
            if (parts.isEmpty()) {
                throw invalid("the manifest is missing");
            }
            Event manifest = format.decode(parts.getFirst());
            if (!manifest.type().equals(MANIFEST)) {
                throw invalid("the first event must be of type " + MANIFEST);
            }
            return new Opened(format, manifest.data(), parts.subList(1, parts.size()));
        });
    }

    /**
     * The records of a batch of one node.
     *
     * @throws PortException.Refused {@code batch.invalid}, {@code batch.too-many}
     */
    List<Arrived> records(Opened batch, Gateway.Request request, Origin origin) {
        return fitting(() -> {
            Heading heading = new Heading(
                    Epoch.ofWire(request.header("mr-epoch").orElseThrow()),
                    request.header("mr-previous").map(Stamp.EpochEnd::ofWire).orElse(null),
                    Lane.ofWire(request.header("mr-lane").orElseThrow()));
            List<Value> entries = batch.manifest().list("entries");
            limit(entries.size());
            return records(heading, entries, batch.events(), batch.format(), origin);
        });
    }

    /**
     * Cuts a leader's batch into its groups: each gets as many events as its entries ask for, and is judged by itself
     * later. Only what makes the cutting impossible refuses the whole.
     *
     * @throws PortException.Refused {@code batch.invalid}, {@code batch.too-many}
     */
    List<Group> groups(Opened batch) {
        return fitting(() -> {
            List<Group> out = new ArrayList<>();
            int at = 0;
            int entries = 0;
            for (Value item : batch.manifest().list("groups")) {
                Value.Obj group = (Value.Obj) item;
                List<Value> own = group.list("entries");
                entries += own.size();
                limit(entries);
                int events = (int) own.stream()
                        .filter(e -> ((Value.Obj) e).text("void").isEmpty())
                        .count();
                if (own.isEmpty() || at + events > batch.events().size()) {
                    throw invalid("events and manifest do not agree in number");
                }
                out.add(new Group(group, batch.events().subList(at, at + events), batch.format()));
                at += events;
            }
            if (out.isEmpty() || at != batch.events().size()) {
                throw invalid("events and manifest do not agree in number");
            }
            return out;
        });
    }

    /**
     * The records of a group.
     *
     * @throws PortException.Refused {@code batch.invalid}
     */
    List<Arrived> records(Group group, Origin origin) {
        return fitting(() -> {
            Value.Obj from = group.manifest();
            Heading heading = new Heading(
                    Epoch.ofWire(from.text("epoch").orElseThrow()),
                    from.text("previous").map(Stamp.EpochEnd::ofWire).orElse(null),
                    Lane.ofWire(from.text("lane").orElseThrow()));
            return records(heading, from.list("entries"), group.events(), group.format(), origin);
        });
    }

    /**
     * A batch of which only the manifest is open.
     *
     * @param format its encoding
     * @param manifest data of the manifest
     * @param events the other events, as they came
     */
    record Opened(EventFormat format, Value.Obj manifest, List<byte[]> events) {
        boolean ofSeveralNodes() {
            return manifest.get("groups").isPresent();
        }
    }

    /**
     * The part of a leader's batch that is of one node, epoch and lane.
     *
     * @param manifest its part of the manifest
     * @param events its events, as they came
     * @param format encoding of the batch
     */
    record Group(Value.Obj manifest, List<byte[]> events, EventFormat format) {
        /** The node it says it is of; the register judges that. */
        String node() {
            return manifest.text("node").orElse("");
        }
    }

    private record Heading(Epoch epoch, Stamp.@Nullable EpochEnd previous, Lane lane) {}

    private static <T> T fitting(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (IllegalArgumentException | NoSuchElementException | ClassCastException | DateTimeParseException e) {
            throw invalid("the batch does not fit its manifest or headers: " + e.getMessage());
        }
    }

    private static void limit(int entries) {
        if (entries > MAX_EVENTS) {
            throw new PortException.Refused("batch.too-many", "a batch has at most " + MAX_EVENTS + " entries");
        }
    }

    private List<Arrived> records(
            Heading heading, List<Value> entries, List<byte[]> events, EventFormat format, Origin origin) {
        Iterator<byte[]> bodies = events.iterator();
        List<Arrived> out = new ArrayList<>();
        long last = 0;
        for (Value item : entries) {
            Value.Obj entry = (Value.Obj) item;
            long number = entry.whole("n").orElseThrow();
            Stamp stamp = stamp(heading, entry, number);
            if (number <= last) {
                throw invalid("numbers must ascend");
            }
            last = stamp.through();
            out.add(new Arrived(
                    origin, stamp, stamp.isVoid() ? nothing(number) : message(entry, bodies.next(), format)));
        }
        if (bodies.hasNext() || out.isEmpty()) {
            throw invalid("events and manifest do not agree in number");
        }
        return out;
    }

    private static Stamp stamp(Heading heading, Value.Obj entry, long number) {
        long through = entry.whole("through").orElse(number);
        Stamp stamp = new Stamp(
                heading.epoch(),
                heading.previous(),
                heading.lane(),
                number,
                through,
                entry.text("void").orElse(null));
        Wire.check(stamp);
        return stamp;
    }

    private Message nothing(long number) {
        return new Message(Delivery.VOID_SUBJECT, "void-" + number, Map.of(), ByteBuffer.allocate(0), time.wall());
    }

    private static Message message(Value.Obj entry, byte[] body, EventFormat format) {
        Subject subject = Subject.of(entry.text("s").orElseThrow());
        String id = entry.text("id").orElseThrow();
        boolean raw = entry.bool("raw").orElse(false);
        Map<String, String> headers = headers(entry, raw ? "" : format.contentType());
        if (!Wire.isEventSubject(subject) || !Wire.isId(id)) {
            throw invalid("subject or id of number " + entry.whole("n").orElse(0L) + " is not allowed");
        }
        return new Message(
                subject,
                id,
                headers,
                ByteBuffer.wrap(raw ? unwrapped(body, format) : body),
                entry.text("t").map(Instant::parse).orElseThrow());
    }

    private static Map<String, String> headers(Value.Obj entry, String fallback) {
        Map<String, String> out = new LinkedHashMap<>();
        String contentType = entry.text("ct").orElse(fallback);
        if (contentType.length() > 128) {
            throw invalid("a content type has at most 128 characters");
        }
        if (!contentType.isEmpty()) {
            out.put(Message.CONTENT_TYPE, contentType);
        }
        entry.obj("h").orElse(Value.obj()).fields().forEach((name, value) -> {
            if (!(value instanceof Value.Text(String text)) || name.equalsIgnoreCase(Message.CONTENT_TYPE)) {
                throw invalid("header " + name + " is not allowed");
            }
            out.put(name, text);
        });
        return Wire.travelling(out);
    }

    /** The bytes that an event only carries. */
    private static byte[] unwrapped(byte[] carrier, EventFormat format) {
        Event event;
        try {
            event = format.decode(carrier);
        } catch (PortException.Refused e) {
            throw new PortException.Refused("batch.invalid", "a raw body is not inside of an event", e);
        }
        return Base64.getDecoder().decode(event.data().text("body").orElseThrow());
    }

    private static PortException.Refused invalid(String detail) {
        return new PortException.Refused("batch.invalid", detail);
    }
}
