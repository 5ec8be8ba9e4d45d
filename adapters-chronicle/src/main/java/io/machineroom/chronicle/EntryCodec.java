package io.machineroom.chronicle;

import io.machineroom.ports.store.EventLog.Entry;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Stamp;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;

/** Payload of a frame in an event log: version · numbers · received · texts · message. */
final class EntryCodec {
    private static final byte VERSION = 1;
    private static final int FIXED = 1 + 3 * 8 + 8 + 4;

    private EntryCodec() {}

    /** An entry, encoded but for its frame. */
    record Prepared(Entry entry, List<byte[]> texts, MessageCodec.Prepared message) {
        static Prepared of(Entry entry) {
            Stamp stamp = entry.stamp();
            Stamp.EpochEnd previous = stamp.previous();
            List<byte[]> texts = List.of(
                    MessageCodec.utf8(entry.customer()),
                    MessageCodec.utf8(entry.site()),
                    MessageCodec.utf8(entry.identity()),
                    MessageCodec.utf8(entry.nodeKey()),
                    MessageCodec.utf8(stamp.epoch().wire()),
                    MessageCodec.utf8(previous == null ? "" : previous.epoch().wire()),
                    MessageCodec.utf8(stamp.lane().wireName()),
                    MessageCodec.utf8(stamp.cause().orElse("")));
            return new Prepared(entry, texts, MessageCodec.Prepared.of(entry.message()));
        }

        int bytes() {
            int sum = FIXED;
            for (byte[] text : texts) {
                sum += 4 + text.length;
            }
            return sum + message.bytes();
        }

        void put(ByteBuffer to) {
            Stamp stamp = entry.stamp();
            Stamp.EpochEnd previous = stamp.previous();
            to.put(VERSION).putLong(stamp.from()).putLong(stamp.through());
            to.putLong(previous == null ? 0 : previous.last());
            MessageCodec.putInstant(to, entry.received());
            texts.forEach(text -> to.putInt(text.length).put(text));
            message.put(to);
        }
    }

    /**
     * Reads a payload; the body of its message is a slice of the buffer.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static Entry read(ByteBuffer from) {
        try {
            byte version = from.get();
            if (version != VERSION) {
                throw new IllegalArgumentException("entry of version " + version);
            }
            long first = from.getLong();
            long last = from.getLong();
            long previousLast = from.getLong();
            Instant received = Instant.ofEpochSecond(from.getLong(), from.getInt());
            String customer = MessageCodec.text(from);
            String site = MessageCodec.text(from);
            String identity = MessageCodec.text(from);
            String nodeKey = MessageCodec.text(from);
            Epoch epoch = Epoch.ofWire(MessageCodec.text(from));
            String previous = MessageCodec.text(from);
            Lane lane = Lane.ofWire(MessageCodec.text(from));
            String cause = MessageCodec.text(from);
            Stamp stamp = new Stamp(
                    epoch,
                    previous.isEmpty() ? null : new Stamp.EpochEnd(Epoch.ofWire(previous), previousLast),
                    lane,
                    first,
                    last,
                    cause.isEmpty() ? null : cause);
            return new Entry(customer, site, identity, nodeKey, stamp, MessageCodec.read(from), received);
        } catch (BufferUnderflowException | DateTimeException e) {
            throw new IllegalArgumentException("not an entry", e);
        }
    }
}
