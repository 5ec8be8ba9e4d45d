package io.machineroom.chronicle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads the excerpts of one segment file from its beginning, by plain reads: no damage of the file reaches the library,
 * and a file that is cut short while it is read is the end of it and not of the process. Behind a length that cannot be it
 * looks for the next head of an excerpt. One task at a time.
 */
final class SegmentReader implements AutoCloseable {
    private static final int CHUNK = 64 << 10;
    private static final int ALIGN = 4;
    private static final int WORD = 4;
    private static final int MAX_PAGE = 1 << 20;

    private final RandomAccessFile file;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteBuffer words = ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer heads = ByteBuffer.wrap(chunk);
    private long chunkStart;
    private int chunkLength;
    private long position;
    private long sequence;
    /** Length of the file when it was last asked for: a call of the kernel, and the file only grows. */
    private long known;

    SegmentReader(Path path) throws IOException {
        this.file = new RandomAccessFile(path.toFile(), "r");
    }

    /** Number of the excerpt that {@link #next} gives, from 0. */
    long sequence() {
        return sequence;
    }

    /** Where {@link #next} begins in the file. */
    long position() {
        return position;
    }

    /** What was read ahead may have changed since. */
    void forgetAhead() {
        chunkLength = 0;
        known = 0;
    }

    /** Whether the file is longer than so many bytes. */
    private boolean reaches(long bytes) throws IOException {
        if (known <= bytes) {
            known = file.length();
        }
        return known > bytes;
    }

    /** The next excerpt; empty at the end of what is there now. */
    Optional<byte[]> next() throws IOException {
        while (true) {
            int header = word(position);
            if (header == 0 && !resync() || header == SegmentScan.END_MARK) {
                return Optional.empty();
            }
            header = word(position);
            int length = header & SegmentScan.LENGTH_MASK;
            boolean data = (header & (SegmentScan.META | SegmentScan.INCOMPLETE)) == 0;
            boolean meta = (header & SegmentScan.INCOMPLETE) == 0 && !data;
            long next = SegmentScan.next(position, header);
            if (data && reaches(next - ALIGN - 1) && isHead(position, length)) {
                byte[] bytes = bytes(position + WORD, length);
                if (bytes.length < length) {
                    return Optional.empty();
                }
                position = next;
                sequence++;
                return Optional.of(bytes);
            }
            if (meta && reaches(next) && isDocument(next)) {
                position = next;
            } else if (data && reaches(next) && isDocument(next)) {
                byte[] damaged = bytes(position + WORD, length);
                position = next;
                sequence++;
                return Optional.of(damaged);
            } else if (!resync()) {
                return Optional.empty();
            }
        }
    }

    /** Whether an excerpt, a page of the library's index, the end of the records or of the segment may be there. */
    private boolean isDocument(long at) throws IOException {
        int header = word(at);
        int length = header & SegmentScan.LENGTH_MASK;
        if (header == 0 || header == SegmentScan.END_MARK) {
            return true;
        }
        boolean fits = (header & SegmentScan.INCOMPLETE) == 0 && reaches(at + WORD + length - 1);
        return fits && ((header & SegmentScan.META) == 0 ? isHead(at, length) : length < MAX_PAGE);
    }

    /** Whether the head of an excerpt of that length is there. */
    private boolean isHead(long at, int length) throws IOException {
        if (length < ExcerptHeader.BYTES) {
            return false;
        }
        long from = at + WORD - chunkStart;
        if (from >= 0 && from + ExcerptHeader.BYTES <= chunkLength) {
            return ExcerptHeader.isHead(heads, (int) from, length);
        }
        byte[] head = bytes(at + WORD, ExcerptHeader.BYTES);
        return head.length == ExcerptHeader.BYTES && ExcerptHeader.isHead(ByteBuffer.wrap(head), 0, length);
    }

    /** Moves to the next place that holds the head of an excerpt; false when there is none. */
    private boolean resync() throws IOException {
        long end = file.length();
        for (long at = position + ALIGN; at + WORD + ExcerptHeader.BYTES <= end; at += ALIGN) {
            if (word(at + WORD) == Integer.reverseBytes(ExcerptHeader.MAGIC)) {
                int length = word(at) & SegmentScan.LENGTH_MASK;
                byte[] head = bytes(at + WORD, ExcerptHeader.BYTES);
                int own = head.length < ExcerptHeader.BYTES
                        ? 0
                        : ByteBuffer.wrap(head).getInt(8);
                if (own == length && isHead(at, length)) {
                    position = at;
                    return true;
                }
            }
        }
        return false;
    }

    private int word(long at) throws IOException {
        if (at < chunkStart || at + WORD > chunkStart + chunkLength) {
            fill(at);
        }
        return at + WORD > chunkStart + chunkLength ? 0 : words.getInt((int) (at - chunkStart));
    }

    private void fill(long at) throws IOException {
        file.seek(at);
        chunkStart = at;
        chunkLength = 0;
        int got = 0;
        while (got >= 0 && chunkLength < CHUNK) {
            chunkLength += got;
            got = file.read(chunk, chunkLength, CHUNK - chunkLength);
        }
    }

    /** So many bytes, or fewer at the end of the file; what was read ahead is not read twice. */
    private byte[] bytes(long at, int length) throws IOException {
        byte[] bytes = new byte[reaches(at + length - 1) ? length : Math.clamp(known - at, 0, length)];
        int done = 0;
        if (at >= chunkStart && at < chunkStart + chunkLength) {
            int from = (int) (at - chunkStart);
            done = Math.min(bytes.length, chunkLength - from);
            System.arraycopy(chunk, from, bytes, 0, done);
        }
        if (done < bytes.length) {
            file.seek(at + done);
        }
        int got = 0;
        while (got >= 0 && done < bytes.length) {
            done += got;
            got = done == bytes.length ? 0 : file.read(bytes, done, bytes.length - done);
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
