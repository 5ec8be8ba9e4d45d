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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
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
     * The records of a batch, in order.
     *
     * @throws PortException.Refused {@code request.type}, {@code batch.invalid}, {@code batch.too-many}
     */
    List<Arrived> read(Gateway.Request request, Origin origin) {
        String type = request.header("content-type").orElse("").split(";", 2)[0].strip();
        EventFormat format = formats.stream()
                .filter(f -> f.batchContentType().equals(type))
                .findFirst()
                .orElseThrow(() -> new PortException.Refused(
                        "request.type", "content type '" + type + "' is not a CloudEvents batch"));
        try {
            List<byte[]> parts = format.split(request.body(), MAX_EVENTS + 1);
            return records(request, origin, format, parts);
        } catch (IllegalArgumentException | NoSuchElementException | ClassCastException | DateTimeParseException e) {
            throw invalid("the batch does not fit its manifest or headers: " + e.getMessage());
        }
    }

    private List<Arrived> records(Gateway.Request request, Origin origin, EventFormat format, List<byte[]> parts) {
        if (parts.isEmpty()) {
            throw invalid("the manifest is missing");
        }
        Event manifest = format.decode(parts.getFirst());
        if (!manifest.type().equals(MANIFEST)) {
            throw invalid("the first event must be of type " + MANIFEST);
        }
        Epoch epoch = Epoch.ofWire(request.header("mr-epoch").orElseThrow());
        Stamp.EpochEnd previous =
                request.header("mr-previous").map(Stamp.EpochEnd::ofWire).orElse(null);
        Lane lane = Lane.ofWire(request.header("mr-lane").orElseThrow());
        Iterator<byte[]> bodies = parts.subList(1, parts.size()).iterator();
        List<Arrived> out = new ArrayList<>();
        long last = 0;
        for (Value item : manifest.data().list("entries")) {
            Value.Obj entry = (Value.Obj) item;
            long number = entry.whole("n").orElseThrow();
            Stamp stamp = stamp(epoch, previous, lane, entry, number);
            if (number <= last) {
                throw invalid("numbers must ascend");
            }
            if (out.size() == MAX_EVENTS) {
                throw new PortException.Refused("batch.too-many", "a batch has at most " + MAX_EVENTS + " entries");
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

    private static Stamp stamp(
            Epoch epoch, Stamp.@Nullable EpochEnd previous, Lane lane, Value.Obj entry, long number) {
        long through = entry.whole("through").orElse(number);
        Stamp stamp = new Stamp(
                epoch, previous, lane, number, through, entry.text("void").orElse(null));
        Wire.check(stamp);
        return stamp;
    }

    private Message nothing(long number) {
        return new Message(Delivery.VOID_SUBJECT, "void-" + number, Map.of(), ByteBuffer.allocate(0), time.wall());
    }

    private static Message message(Value.Obj entry, byte[] body, EventFormat format) {
        Subject subject = Subject.of(entry.text("s").orElseThrow());
        String id = entry.text("id").orElseThrow();
        String contentType = entry.text("ct").orElse(format.contentType());
        if (!Wire.isEventSubject(subject)
                || !Wire.isId(id)
                || contentType.length() > 128
                || !Wire.isHeader(contentType)) {
            throw invalid(
                    "subject, id or content type of number " + entry.whole("n").orElse(0L) + " is not allowed");
        }
        return new Message(
                subject,
                id,
                Map.of(Message.CONTENT_TYPE, contentType),
                ByteBuffer.wrap(body),
                entry.text("t").map(Instant::parse).orElseThrow());
    }

    private static PortException.Refused invalid(String detail) {
        return new PortException.Refused("batch.invalid", detail);
    }
}
