package io.machineroom.http;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * One request of {@code POST /v1/events}: deliveries of one epoch, lane and encoding behind their manifest.
 *
 * @param deliveries what it holds
 * @param contentType of the batch
 * @param body unpacked
 */
record EventBatch(List<Delivery> deliveries, String contentType, byte[] body) {
    static final String TYPE = "io.machineroom.batch.v1";
    /** Type of an event that only carries the bytes of a body. */
    static final String RAW = "io.machineroom.raw.v1";

    static final String SOURCE = "io.machineroom.agent";
    /** Manifest included. */
    static final int MAX_EVENTS = 1_000;

    static final int MAX_BYTES = 1024 * 1024;
    private static final int SMALLEST_PACKED = 1024;

    EventBatch {
        deliveries = List.copyOf(deliveries);
    }

    /** Headers of the request; {@code Content-Encoding} belongs to the sender. */
    Map<String, String> headers() {
        Stamp first = deliveries.getFirst().stamp();
        Map<String, String> out = new LinkedHashMap<>();
        out.put("Content-Type", contentType);
        out.put("Mr-Epoch", first.epoch().wire());
        Stamp.EpochEnd previous = first.previous();
        if (previous != null) {
            out.put("Mr-Previous", previous.wire());
        }
        out.put("Mr-Lane", first.lane().wireName());
        return out;
    }

    /** The body in gzip; empty when that saves less than a tenth. */
    Optional<byte[]> packed() {
        return packed(body);
    }

    /** A body in gzip; empty when that saves less than a tenth. */
    static Optional<byte[]> packed(byte[] body) {
        if (body.length < SMALLEST_PACKED) {
            return Optional.empty();
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(body.length / 2);
        try (OutputStream gzip = new FastGzip(out)) {
            gzip.write(body);
        } catch (IOException e) {
            throw new IllegalStateException("writing into memory", e);
        }
        return out.size() > body.length - body.length / 10 ? Optional.empty() : Optional.of(out.toByteArray());
    }

    /** A record in a manifest. */
    static Value entry(Delivery delivery, EventFormat format) {
        Stamp stamp = delivery.stamp();
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("n", Value.num(stamp.from()));
        if (stamp.isVoid()) {
            out.put("through", Value.num(stamp.through()));
            out.put("void", Value.text(stamp.cause().orElseThrow()));
            return Value.obj(out);
        }
        Message message = delivery.message();
        out.put("id", Value.text(message.id()));
        out.put("s", Value.text(message.subject().text()));
        out.put("t", Value.text(message.created().toString()));
        boolean named = message.headers().containsKey(Message.CONTENT_TYPE);
        if (message.isRaw() ? named : !message.contentType().equals(format.contentType())) {
            out.put("ct", Value.text(message.contentType()));
        }
        if (message.isRaw()) {
            out.put("raw", Value.bool(true));
        }
        Map<String, Value> others = new LinkedHashMap<>();
        message.headers().forEach((name, value) -> {
            if (!isOfTheWire(name)) {
                others.put(name, Value.text(value));
            }
        });
        if (!others.isEmpty()) {
            out.put("h", Value.obj(others));
        }
        return Value.obj(out);
    }

    /** What the manifest says elsewhere; a leader has records with all headers of theirs. */
    private static boolean isOfTheWire(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.equals("content-type") || lower.startsWith("mr-") || lower.startsWith("nats-");
    }

    /** A body as it stands in a batch: an event as it is, any other bytes inside of one. */
    static ByteBuffer framed(Message message, EventFormat format) {
        if (!message.isRaw()) {
            return message.body().duplicate();
        }
        Value.Obj data = Value.obj("body", Value.text(Base64.getEncoder().encodeToString(message.bytes())));
        return ByteBuffer.wrap(format.encode(
                new Event(message.id(), SOURCE, RAW, message.subject().text(), message.created(), data)));
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 8 * 1024);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    /**
     * Cuts batches out of deliveries.
     *
     * @param formats encodings in order of preference
     * @param subject node identity, for the manifest
     */
    record Framer(List<EventFormat> formats, String subject) {
        Framer {
            formats = List.copyOf(formats);
        }

        /**
         * The longest batch at the beginning of the deliveries within the bounds; at least one delivery.
         *
         * @throws PortException.Refused {@code sink.content-type}, {@code sink.too-large} for the first delivery
         */
        EventBatch next(List<Delivery> deliveries, int maxEntries, int maxBytes, Instant now) {
            List<Delivery> run = run(deliveries, Math.min(maxEntries, MAX_EVENTS - 1), maxBytes);
            EventFormat format = run.stream()
                    .filter(d -> !fitsAny(d))
                    .findFirst()
                    .map(d -> format(d.message()))
                    .orElseGet(formats::getFirst);
            while (true) {
                byte[] body = frame(run, format, now);
                if (body.length <= MAX_BYTES) {
                    return new EventBatch(run, format.batchContentType(), body);
                }
                if (run.size() == 1) {
                    throw new PortException.Refused(
                            "sink.too-large", "the event is larger than a batch may be: " + body.length + " bytes");
                }
                run = run.subList(0, run.size() / 2);
            }
        }

        private List<Delivery> run(List<Delivery> deliveries, int maxEntries, int maxBytes) {
            List<Delivery> run = new ArrayList<>();
            Stamp first = deliveries.getFirst().stamp();
            EventFormat format = null;
            long bytes = 512;
            for (Delivery delivery : deliveries) {
                bytes += estimate(delivery);
                boolean full = run.size() >= maxEntries || bytes > maxBytes;
                if (!run.isEmpty() && (full || !sameRun(first, delivery.stamp()))) {
                    break;
                }
                if (!fitsAny(delivery)) {
                    EventFormat own = formatOf(delivery, run.isEmpty());
                    if (own == null || (format != null && !own.equals(format))) {
                        break;
                    }
                    format = own;
                }
                run.add(delivery);
            }
            return run;
        }

        /** Whether it may stand in a batch of each encoding. */
        static boolean fitsAny(Delivery delivery) {
            return delivery.stamp().isVoid() || delivery.message().isRaw();
        }

        /**
         * The encoding of a message; null when none fits and it is not the first, which alone may be refused.
         *
         * @throws PortException.Refused {@code sink.content-type}
         */
        @Nullable EventFormat formatOf(Delivery delivery, boolean first) {
            try {
                return format(delivery.message());
            } catch (PortException.Refused e) {
                if (first) {
                    throw e;
                }
                return null; // refused when it is the first of the next batch
            }
        }

        private static boolean sameRun(Stamp a, Stamp b) {
            return a.epoch().equals(b.epoch())
                    && a.lane() == b.lane()
                    && java.util.Objects.equals(a.previous(), b.previous());
        }

        static int estimate(Delivery delivery) {
            Message message = delivery.message();
            return delivery.stamp().isVoid()
                    ? 80
                    : (message.isRaw() ? message.size() / 3 * 4 + 512 : message.size())
                            + headers(message)
                            + message.id().length()
                            + message.subject().text().length()
                            + message.contentType().length()
                            + 112;
        }

        private static int headers(Message message) {
            return message.headers().entrySet().stream()
                    .mapToInt(h -> h.getKey().length() + h.getValue().length() + 6)
                    .sum();
        }

        /** The encoding whose batches may hold the message. */
        private EventFormat format(Message message) {
            String type = baseType(message.contentType());
            String family = type.equals("application/json") ? "application/cloudevents+json" : type;
            return formats.stream()
                    .filter(format -> format.contentType().equals(family))
                    .findFirst()
                    .orElseThrow(() -> new PortException.Refused(
                            "sink.content-type", "events of type '" + type + "' cannot travel over HTTPS"));
        }

        private static String baseType(String contentType) {
            int end = contentType.indexOf(';');
            return (end < 0 ? contentType : contentType.substring(0, end))
                    .strip()
                    .toLowerCase(Locale.ROOT);
        }

        private byte[] frame(List<Delivery> run, EventFormat format, Instant now) {
            List<Value> entries = new ArrayList<>(run.size());
            List<ByteBuffer> events = new ArrayList<>(run.size() + 1);
            for (Delivery delivery : run) {
                entries.add(entry(delivery, format));
            }
            Stamp first = run.getFirst().stamp();
            String id = first.epoch().nonce() + "." + first.lane().wireName() + "." + first.from();
            Value.Obj data = Value.obj("entries", new Value.Arr(entries));
            events.add(ByteBuffer.wrap(format.encode(new Event(id, SOURCE, TYPE, subject, now, data))));
            for (Delivery delivery : run) {
                if (!delivery.stamp().isVoid()) {
                    events.add(framed(delivery.message(), format));
                }
            }
            return format.join(events);
        }
    }
}
