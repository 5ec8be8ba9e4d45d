package io.machineroom.nats;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the headers of a node's history ({@code docs/protocol.md} section 2) as the lines that go onto the wire. What is
 * the same for all messages of an epoch and lane is made once. One task.
 */
final class StampHeaders {
    private static final String VERSION = "NATS/1.0\r\n";

    private final String stream;
    private final StringBuilder line = new StringBuilder(512);
    private @Nullable Run run;

    StampHeaders(String stream) {
        this.stream = stream;
    }

    /** What all messages of an epoch and lane share. */
    private record Run(Epoch epoch, Lane lane, Stamp.@Nullable EpochEnd previous, String lines, String id) {
        boolean holds(Stamp stamp) {
            return lane == stamp.lane()
                    && epoch.equals(stamp.epoch())
                    && java.util.Objects.equals(previous, stamp.previous());
        }
    }

    /**
     * The headers of one entry.
     *
     * @throws IllegalArgumentException when a name or value cannot stand in a header
     */
    Headers of(Delivery delivery, int resend) {
        Stamp stamp = delivery.stamp();
        Message message = delivery.message();
        Run shared = run(stamp);
        line.setLength(0);
        line.append(VERSION);
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            // reserved names: those of NATS would act again, ours are written below
            if (!header.getKey().startsWith("Nats-") && !header.getKey().startsWith("Mr-")) {
                add(header.getKey(), header.getValue());
            }
        }
        add(NatsMessages.ID, message.id());
        add(NatsMessages.CREATED, message.created().toString());
        line.append(shared.lines()).append("Mr-Number:").append(stamp.from());
        if (stamp.isVoid()) {
            line.append('-').append(stamp.through()).append("\r\nMr-Void:").append(stamp.voidCause());
        }
        line.append("\r\n")
                .append(shared.id())
                .append(stamp.from())
                .append('.')
                .append(resend)
                .append('.')
                .append(message.id()) // two events on one number, of a clone, are two messages
                .append("\r\n\r\n");
        return new WireHeaders(line.toString().getBytes(StandardCharsets.US_ASCII));
    }

    private Run run(Stamp stamp) {
        Run now = run;
        if (now == null || !now.holds(stamp)) {
            StringBuilder lines = new StringBuilder();
            if (stamp.lane() != Lane.URGENT) { // which stream takes those is for the other end to say
                lines.append("Nats-Expected-Stream:").append(stream).append("\r\n");
            }
            lines.append("Mr-Epoch:").append(stamp.epoch().wire());
            if (stamp.previous() != null) {
                lines.append("\r\nMr-Previous:").append(stamp.previous().wire());
            }
            lines.append("\r\nMr-Lane:").append(stamp.lane().wireName()).append("\r\n");
            String id = NatsMessages.MESSAGE_ID + ":" + stamp.epoch().nonce() + "."
                    + stamp.lane().wireName() + ".";
            now = new Run(stamp.epoch(), stamp.lane(), stamp.previous(), lines.toString(), id);
            run = now;
        }
        return now;
    }

    private void add(String name, String value) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a header without a name");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c > '~' || c == ':') {
                throw new IllegalArgumentException("header name '" + name + "'");
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c > 127 || c == '\r' || c == '\n') {
                throw new IllegalArgumentException("value of header " + name);
            }
        }
        line.append(name).append(':').append(value).append("\r\n");
    }

    /** Finished lines. The library asks read-only headers for nothing but what is here. */
    private static final class WireHeaders extends Headers {
        private final byte[] bytes;

        WireHeaders(byte[] bytes) {
            super(null, true);
            this.bytes = bytes;
        }

        @Override
        public boolean isEmpty() {
            return false;
        }

        @Override
        public int serializedLength() {
            return bytes.length;
        }

        @Override
        public byte[] getSerialized() {
            return bytes.clone();
        }

        @Override
        public int serializeToArray(int at, byte[] destination) {
            System.arraycopy(bytes, 0, destination, at, bytes.length);
            return bytes.length;
        }
    }
}
