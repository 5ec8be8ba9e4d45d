package io.machineroom.chronicle;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * What our own look at a segment file found, before Chronicle may open it: Chronicle waits for a record that a power cut
 * left half written, and trusts an index that may be older or newer than the records.
 *
 * @param documents excerpts of the file through the last whole group
 * @param end where the last whole group ends in the file
 * @param last head of the last excerpt of that group; null when there is none
 * @param tornBytes bytes behind it that are no record; 0 when the file is sound
 * @param ended whether the file carries Chronicle's mark of a finished segment
 */
record SegmentScan(int documents, long end, @Nullable ExcerptHeader last, long tornBytes, boolean ended) {
    static final int END_MARK = 0xC0000000;
    static final int INCOMPLETE = 0x80000000;
    static final int META = 0x40000000;
    static final int LENGTH_MASK = 0x3FFFFFFF;
    static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Where the document behind one that starts at {@code position} starts; documents are aligned to four. */
    static long next(long position, int header) {
        return (position + 4 + (header & LENGTH_MASK) + 3) & ~3L;
    }

    /** Looks at a file of a machine that ran all the time. */
    static SegmentScan of(Path file, boolean deep) throws IOException {
        return of(file, deep, false);
    }

    /**
     * Looks at a file.
     *
     * @param deep check every frame and the room behind the last record, not only the heads
     * @param lostPower whether pages of the last force may be missing
     */
    static SegmentScan of(Path file, boolean deep, boolean lostPower) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            return new Walk(map, deep, lostPower).run();
        }
    }

    /** One walk over the documents of a file. */
    private static final class Walk {
        private final MemorySegment map;
        private final boolean deep;
        private final boolean lostPower;
        private long position;
        private int seen;
        private int kept;
        private int lastBroken;
        private long keptEnd;
        private boolean ended;
        private boolean broken;
        private @Nullable ExcerptHeader last;

        Walk(MemorySegment map, boolean deep, boolean lostPower) {
            this.map = map;
            this.deep = deep;
            this.lostPower = lostPower;
        }

        SegmentScan run() {
            boolean more = true;
            while (more) {
                more = step();
            }
            long dirty = deep ? lastDirtyByte() : -1;
            boolean torn = broken || seen > kept || dirty >= 0;
            long tornBytes = torn ? Math.max(Math.max(position, dirty + 1) - keptEnd, 1) : 0;
            return new SegmentScan(kept, keptEnd, last, tornBytes, ended);
        }

        private boolean step() {
            if (position + 4 > map.byteSize()) {
                broken = position == 0;
                return false;
            }
            int header = map.get(WORD, position);
            if (header == 0 || header == END_MARK) {
                ended = header == END_MARK;
                broken = position == 0;
                return false;
            }
            long next = next(position, header);
            if ((header & INCOMPLETE) != 0 || position + 4 + (header & LENGTH_MASK) > map.byteSize()) {
                broken = true;
                return false;
            }
            if ((header & META) == 0) {
                seen++;
                look(next, header & LENGTH_MASK);
            }
            position = next;
            return true;
        }

        private void look(long next, int length) {
            var excerpt = map.asSlice(position + 4, length).asByteBuffer();
            ExcerptHeader head = ExcerptHeader.read(excerpt).orElse(null);
            if (head == null || deep && !Frames.allWhole(excerpt)) {
                lastBroken = seen;
                return;
            }
            // what one force was to make durable, a power cut keeps in any order: behind a torn one nothing of it
            // counts
            boolean torn = lostPower && lastBroken > 0 && lastBroken >= seen - head.behind();
            if (!head.more() && !torn) {
                kept = seen;
                keptEnd = next;
                last = head;
            }
        }

        private long lastDirtyByte() {
            return SegmentScan.lastDirtyByte(map, ended ? position + 4 : position);
        }
    }

    /** Place of the last byte from {@code start} on that is not zero; -1 when all are. */
    private static long lastDirtyByte(MemorySegment map, long start) {
        for (long at = map.byteSize() - 1; at >= start; ) {
            if (at - 7 >= start && map.get(ValueLayout.JAVA_LONG_UNALIGNED, at - 7) == 0) {
                at -= 8;
            } else if (map.get(ValueLayout.JAVA_BYTE, at) != 0) {
                return at;
            } else {
                at--;
            }
        }
        return -1;
    }

    /** Place of the first byte from {@code start} on that is not zero; -1 when all are. */
    static long firstDirtyByte(MemorySegment map, long start) {
        long end = lastDirtyByte(map, start);
        for (long at = start; at <= end; at++) {
            if (map.get(ValueLayout.JAVA_BYTE, at) != 0) {
                return at;
            }
        }
        return -1;
    }
}
