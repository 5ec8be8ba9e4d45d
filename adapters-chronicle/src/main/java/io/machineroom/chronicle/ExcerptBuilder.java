package io.machineroom.chronicle;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Lays frames into one reused heap buffer, so that the copy into the map is a single one that either happens or not.
 * Used by the writer thread only. Keeps at most {@link #KEEP} bytes between excerpts.
 */
final class ExcerptBuilder {
    private static final int KEEP = 512 << 10;

    private byte[] array = new byte[16 << 10];
    private ByteBuffer buffer = ByteBuffer.wrap(array);
    private int end = ExcerptHeader.BYTES;
    private int frames;

    boolean isEmpty() {
        return frames == 0;
    }

    int frames() {
        return frames;
    }

    int length() {
        return end;
    }

    byte[] array() {
        return array;
    }

    /** Where to write a payload of that many bytes; {@link #add} completes the frame. */
    ByteBuffer room(int payloadBytes) {
        int needed = end + Frames.OVERHEAD + payloadBytes;
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.max(needed, Math.min(array.length * 2, KEEP)));
            buffer = ByteBuffer.wrap(array);
        }
        return buffer.slice(end + Frames.OVERHEAD, payloadBytes);
    }

    void add(int payloadBytes) {
        int length = Frames.OVERHEAD + payloadBytes;
        buffer.putInt(end, length);
        buffer.putInt(end + 4, Frames.checksum(buffer, end, length));
        end += length;
        frames++;
    }

    void head(ExcerptHeader header) {
        header.put(buffer);
    }

    void clear() {
        end = ExcerptHeader.BYTES;
        frames = 0;
        if (array.length > KEEP) {
            array = new byte[KEEP];
            buffer = ByteBuffer.wrap(array);
        }
    }
}
