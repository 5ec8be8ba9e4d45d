package com.example.segment;

import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * One record: {@code magic · length · crc32c · more · lane · epoch · from · through · records · bytes · clock · cause ·
 * message}. The running totals let anybody who finds a record know what lies before it, without reading it.
 *
 * @param more whether the record behind it belongs to the same append, which a crash must not cut in two
 * @param lane the lane
 * @param numbers the numbers that it covers
 * @param totals records and bytes ever written to the lane, with this one
 * @param clock milliseconds of the spool's own clock
 * @param cause why the numbers are void; empty for a message
 * @param message the message; an empty one for a void
 */
record Frame(boolean more, Lane lane, Numbers numbers, Totals totals, long clock, String cause, Message message) {
    static final int HEAD = 12;
    private static final int MAGIC = 0x5e65_0001;
    private static final int FIXED = 2 + 6 * 8;

    record Numbers(long epoch, long from, long through) {}

    record Totals(long records, long bytes) {}

    /** Bytes of a record with that message. */
    static int size(Message message, String cause) {
        int texts = utf8(cause).length + utf8(message.subject().text()).length + utf8(message.id()).length + 12;
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            texts += utf8(header.getKey()).length + utf8(header.getValue()).length + 8;
        }
        return HEAD + FIXED + 12 + 4 + texts + message.size();
    }

    void write(ByteBuffer to) {
        int start = to.position();
        to.putInt(MAGIC).putInt(0).putInt(0).put((byte) (more ? 1 : 0)).put((byte) lane.ordinal());
        to.putLong(numbers.epoch).putLong(numbers.from).putLong(numbers.through);
        to.putLong(totals.records).putLong(totals.bytes).putLong(clock);
        put(to, cause);
        putTime(to, message.created());
        put(to, message.subject().text());
        put(to, message.id());
        to.putInt(message.headers().size());
        message.headers().forEach((name, value) -> {
            put(to, name);
            put(to, value);
        });
        to.put(message.body().duplicate());
        int length = to.position() - start;
        to.putInt(start + 4, length).putInt(start + 8, checksum(to, start, length));
    }

    private static int checksum(ByteBuffer in, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(in.slice(start + 4, 4));
        crc.update(in.slice(start + HEAD, length - HEAD));
        return (int) crc.getValue();
    }

    /** Length of the whole record at a place of the buffer; 0 when there is none. */
    static int lengthAt(ByteBuffer in, int start) {
        if (start > in.limit() - HEAD || in.getInt(start) != MAGIC) {
            return 0;
        }
        int length = in.getInt(start + 4);
        boolean whole = length >= HEAD + FIXED
                && length <= in.limit() - start
                && in.getInt(start + 8) == checksum(in, start, length);
        return whole ? length : 0;
    }

    /** The whole record at a place of the buffer; its body is a slice. */
    static Optional<Frame> at(ByteBuffer in, int start) {
        int length = lengthAt(in, start);
        if (length == 0) {
            return Optional.empty();
        }
        ByteBuffer from = in.slice(start + HEAD, length - HEAD);
        try {
            boolean more = from.get() == 1;
            Lane lane = Lane.values()[from.get()];
            Numbers numbers = new Numbers(from.getLong(), from.getLong(), from.getLong());
            Totals totals = new Totals(from.getLong(), from.getLong());
            long clock = from.getLong();
            String cause = text(from);
            Instant created = Instant.ofEpochSecond(from.getLong(), from.getInt());
            Subject subject = Subject.of(text(from));
            String id = text(from);
            Map<String, String> headers = new LinkedHashMap<>();
            for (int left = from.getInt(); left > 0; left--) {
                headers.put(text(from), text(from));
            }
            Message message = new Message(subject, id, headers, from.slice(), created);
            return Optional.of(new Frame(more, lane, numbers, totals, clock, cause, message));
        } catch (BufferUnderflowException | DateTimeException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void putTime(ByteBuffer to, Instant time) {
        to.putLong(time.getEpochSecond()).putInt(time.getNano());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void put(ByteBuffer to, String text) {
        byte[] bytes = utf8(text);
        to.putInt(bytes.length).put(bytes);
    }

    private static String text(ByteBuffer from) {
        byte[] bytes = new byte[Math.clamp(from.getInt(), 0, from.remaining())];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
