package com.example.segment;

import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * What one append writes and syncs: {@code magic · length · crc32c · clock · records}. After a power cut a block is there
 * or it is not, and so is all of the append. A record is {@code length · void? · epoch · from · through ·
 * subject or cause · message}.
 */
final class Block {
    static final int HEAD = 20;
    private static final int MAGIC = 0x5e65_0002;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Adds a record: a message as {@link #encode} made it, or nothing for a void. */
    void add(Entry entry, byte[] message) {
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(record)) {
            out.writeBoolean(entry.isVoid());
            out.writeLong(entry.from().epoch());
            out.writeLong(entry.from().number());
            out.writeLong(entry.through());
            out.writeUTF(entry.isVoid() ? entry.cause() : entry.subject());
            out.write(message);
            new DataOutputStream(bytes).writeInt(record.size());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        bytes.writeBytes(record.toByteArray());
    }

    int size() {
        return HEAD + bytes.size();
    }

    /** All bytes of the block; the place is part of the checksum, so that a segment counts only where it was written. */
    byte[] seal(String place, long clock) {
        ByteBuffer all = ByteBuffer.allocate(size());
        all.putInt(MAGIC).putInt(all.capacity()).putInt(0).putLong(clock).put(bytes.toByteArray());
        return all.putInt(8, crc(place, all.array(), 12, all.capacity() - 12)).array();
    }

    /** Length of the whole block at that offset; 0 when there is none. */
    static int lengthAt(byte[] in, int offset, String place) {
        if (in.length - offset < HEAD) {
            return 0;
        }
        ByteBuffer head = ByteBuffer.wrap(in, offset, HEAD).slice();
        int length = head.getInt(4);
        boolean whole = head.getInt(0) == MAGIC && length >= HEAD && length <= in.length - offset;
        return whole && head.getInt(8) == crc(place, in, offset + 12, length - 12) ? length : 0;
    }

    /** The records of the block there; in their segment they lie that many bytes further behind. */
    static List<Entry> entries(byte[] in, int offset, int length, long segment, int shift) throws IOException {
        DataInputStream from = new DataInputStream(new ByteArrayInputStream(in, offset + 12, length - 12));
        long clock = from.readLong();
        List<Entry> entries = new ArrayList<>();
        while (from.available() > 0) {
            int size = from.readInt();
            int behind = from.available() - size;
            int at = offset + length - from.available();
            entries.add(entry(from, clock, new Entry.Spot(segment, at + shift, size, crc("", in, at, size))));
            from.skipNBytes(from.available() - (long) behind);
        }
        return entries;
    }

    private static Entry entry(DataInputStream from, long clock, Entry.Spot spot) throws IOException {
        boolean empty = from.readBoolean();
        Entry.Key first = new Entry.Key(from.readLong(), from.readLong());
        long last = from.readLong();
        String text = from.readUTF();
        return new Entry(first, last, empty ? text : "", empty ? "" : text, clock, spot);
    }

    static byte[] encode(Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(message.size() + 128);
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeUTF(message.id());
        Instant created = message.created();
        out.writeLong(created.getEpochSecond());
        out.writeInt(created.getNano());
        out.writeInt(message.headers().size());
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            out.writeUTF(header.getKey());
            out.writeUTF(header.getValue());
        }
        out.write(message.bytes());
        return bytes.toByteArray();
    }

    /** The message of a record; its body is a slice of the record. */
    static Message decode(byte[] in, int offset, int length) throws IOException {
        DataInputStream from = new DataInputStream(new ByteArrayInputStream(in, offset, length));
        Subject subject = Subject.of(entry(from, 0, Entry.Spot.NONE).subject());
        String id = from.readUTF();
        Instant created = Instant.ofEpochSecond(from.readLong(), from.readInt());
        Map<String, String> headers = new LinkedHashMap<>();
        for (int left = from.readInt(); left > 0; left--) {
            headers.put(from.readUTF(), from.readUTF());
        }
        int body = from.available();
        return new Message(
                subject,
                id,
                headers,
                ByteBuffer.wrap(in, offset + length - body, body).slice(),
                created);
    }

    static int crc(String place, byte[] in, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(place.getBytes(StandardCharsets.UTF_8));
        crc.update(in, offset, length);
        return (int) crc.getValue();
    }
}
