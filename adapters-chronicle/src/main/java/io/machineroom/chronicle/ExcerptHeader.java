package io.machineroom.chronicle;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Head of an excerpt, that is of what one group commit wrote: 64 bytes in front of its frames. The running totals make
 * counting the backlog a matter of two heads, however long it is.
 *
 * @param length bytes of the excerpt, this head included
 * @param more whether the group goes on in the next excerpt; without that one this one never happened
 * @param frames frames that follow
 * @param ordinal epoch of the frames; 0 in an event log
 * @param last last number given after this excerpt
 * @param records records ever written to this journal, this excerpt included
 * @param bytes bytes ever written to this journal, this excerpt included
 * @param clockMillis the spool's own clock when it was written
 * @param behind excerpts that the same force made durable before this one: none of them is older than a power cut that
 *     tore one of them. 0 in files of programs that did not note it
 */
record ExcerptHeader(
        int length,
        boolean more,
        int frames,
        long ordinal,
        long last,
        long records,
        long bytes,
        long clockMillis,
        int behind) {
    static final int BYTES = 64;
    static final int MAGIC = 0x4d525831;

    void put(ByteBuffer excerpt) {
        excerpt.putInt(0, MAGIC)
                .putInt(8, length)
                .putInt(12, more ? 1 : 0)
                .putInt(16, frames)
                .putInt(20, behind)
                .putLong(24, ordinal)
                .putLong(32, last)
                .putLong(40, records)
                .putLong(48, bytes)
                .putLong(56, clockMillis)
                .putInt(4, checksum(excerpt, 0));
    }

    private static int checksum(ByteBuffer excerpt, int at) {
        return Frames.crc32c(excerpt, at + 8, BYTES - 8);
    }

    /** Whether there is the head of an excerpt of that length. */
    static boolean isHead(ByteBuffer excerpt, int at, int length) {
        return excerpt.getInt(at) == MAGIC
                && excerpt.getInt(at + 8) == length
                && excerpt.getInt(at + 4) == checksum(excerpt, at);
    }

    /** Reads the head of an excerpt that fills the buffer; empty when it is none or damaged. */
    static Optional<ExcerptHeader> read(ByteBuffer excerpt) {
        int size = excerpt.limit();
        if (size < BYTES || !isHead(excerpt, 0, size)) {
            return Optional.empty();
        }
        return Optional.of(new ExcerptHeader(
                size,
                excerpt.getInt(12) == 1,
                excerpt.getInt(16),
                excerpt.getLong(24),
                excerpt.getLong(32),
                excerpt.getLong(40),
                excerpt.getLong(48),
                excerpt.getLong(56),
                excerpt.getInt(20)));
    }
}
