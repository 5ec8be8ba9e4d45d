package com.example.segment;

import io.machineroom.ports.spool.kit.Entry;
import io.machineroom.ports.spool.kit.Place;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What one append writes: {@code magic · length · crc32c · records}. After a power cut a block is there or it is not, and
 * so is all of the append. A record is {@code epoch · from · through · clock · cause}, and without a cause the message.
 */
final class Block {
    private static final int HEAD = 12;
    private static final int MAGIC = 0x5e65_0004;

    private Block() {}

    /** A block with its records, or bytes that are none. */
    record Part(int offset, int length, List<Entry> entries) {
        boolean isDamage() {
            return entries.isEmpty();
        }
    }

    /** The bytes of a block, still without a checksum. */
    static byte[] of(List<Entry> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(new byte[HEAD]);
        for (Entry entry : entries) {
            out.writeLong(entry.from().epoch());
            out.writeLong(entry.from().number());
            out.writeLong(entry.through());
            out.writeLong(entry.clock());
            write(out, entry.cause());
            if (!entry.isVoid()) {
                write(out, entry.message().orElseThrow());
            }
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Message message) throws IOException {
        write(out, message.subject().text());
        write(out, message.id());
        Instant created = message.created();
        out.writeLong(created.getEpochSecond());
        out.writeInt(created.getNano());
        out.writeInt(message.headers().size());
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            write(out, header.getKey());
            write(out, header.getValue());
        }
        out.writeInt(message.size());
        out.write(message.bytes());
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /** Makes it whole; the checksum is of the place too, so that a block counts only where it was written. */
    static void seal(byte[] block, String place) {
        ByteBuffer head = ByteBuffer.wrap(block).putInt(MAGIC).putInt(block.length);
        head.putInt(crc(place, block, 0, block.length));
    }

    /** What a file holds, from its beginning to its end. */
    static List<Part> parts(byte[] in, String place) {
        List<Part> parts = new ArrayList<>();
        int sound = 0;
        int at = 0;
        while (at < in.length) {
            int length = lengthAt(in, at, place);
            at += length == 0 ? 1 : 0;
            if (at > sound && (length > 0 || at == in.length)) {
                parts.add(new Part(sound, at - sound, List.of()));
            }
            if (length > 0) {
                parts.add(new Part(at, length, entries(ByteBuffer.wrap(in, at + HEAD, length - HEAD))));
                at += length;
                sound = at;
            }
        }
        return parts;
    }

    /** Length of the whole block at that offset; 0 when there is none. */
    private static int lengthAt(byte[] in, int offset, String place) {
        ByteBuffer head = ByteBuffer.wrap(in, offset, in.length - offset);
        if (head.remaining() <= HEAD || head.getInt() != MAGIC) {
            return 0;
        }
        int length = head.getInt();
        boolean whole = length > HEAD && length <= in.length - offset;
        return whole && head.getInt() == crc(place, in, offset, length) ? length : 0;
    }

    private static int crc(String place, byte[] in, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(place.getBytes(StandardCharsets.UTF_8));
        crc.update(in, offset + HEAD, length - HEAD);
        return (int) crc.getValue();
    }

    private static List<Entry> entries(ByteBuffer in) {
        List<Entry> entries = new ArrayList<>();
        while (in.hasRemaining()) {
            Place from = new Place(in.getLong(), in.getLong());
            long through = in.getLong();
            long clock = in.getLong();
            String cause = text(in);
            entries.add(
                    cause.isEmpty() ? Entry.of(from, message(in), clock) : Entry.empty(from, through, cause, clock));
        }
        return entries;
    }

    /** The body is a slice. */
    private static Message message(ByteBuffer in) {
        Subject subject = Subject.of(text(in));
        String id = text(in);
        Instant created = Instant.ofEpochSecond(in.getLong(), in.getInt());
        Map<String, String> headers = new LinkedHashMap<>();
        for (int left = in.getInt(); left > 0; left--) {
            headers.put(text(in), text(in));
        }
        int size = in.getInt();
        ByteBuffer body = in.slice(in.position(), size);
        in.position(in.position() + size);
        return new Message(subject, id, headers, body, created);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getInt()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
