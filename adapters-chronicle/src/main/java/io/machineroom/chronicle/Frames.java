package io.machineroom.chronicle;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The frames of an excerpt: {@code length · crc32c · payload}, one behind the other after the head. */
final class Frames {
    static final int OVERHEAD = 8;

    private Frames() {}

    /** Length of the frame at the offset, its overhead included; -1 when it cannot be one. */
    static int length(ByteBuffer excerpt, int offset) {
        if (offset > excerpt.limit() - OVERHEAD) {
            return -1;
        }
        int length = excerpt.getInt(offset);
        return length < OVERHEAD || length > excerpt.limit() - offset ? -1 : length;
    }

    static boolean whole(ByteBuffer excerpt, int offset, int length) {
        return excerpt.getInt(offset + 4) == checksum(excerpt, offset, length);
    }

    static int checksum(ByteBuffer excerpt, int offset, int length) {
        return crc32c(excerpt, offset + OVERHEAD, length - OVERHEAD);
    }

    static int crc32c(ByteBuffer buffer, int from, int length) {
        CRC32C crc = new CRC32C();
        if (buffer.hasArray()) {
            crc.update(buffer.array(), buffer.arrayOffset() + from, length);
        } else {
            crc.update(buffer.slice(from, length));
        }
        return (int) crc.getValue();
    }

    static ByteBuffer payload(ByteBuffer excerpt, int offset, int length) {
        return excerpt.slice(offset + OVERHEAD, length - OVERHEAD);
    }

    /** Whether every frame is whole and they fill the excerpt. */
    static boolean allWhole(ByteBuffer excerpt) {
        int offset = ExcerptHeader.BYTES;
        while (offset < excerpt.limit()) {
            int length = length(excerpt, offset);
            if (length < 0 || !whole(excerpt, offset, length)) {
                return false;
            }
            offset += length;
        }
        return true;
    }
}
