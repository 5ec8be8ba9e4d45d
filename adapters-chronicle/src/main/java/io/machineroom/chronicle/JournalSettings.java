package io.machineroom.chronicle;

import java.nio.file.Path;
import java.util.function.IntSupplier;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/**
 * Sizes of a journal.
 *
 * @param maxExcerptBytes largest excerpt
 * @param segmentBytes a segment that reached this ends; bounds the disk that read records hold, and what an opening
 *     after a crash reads
 * @param syncs whether {@link Journal#force} reaches the disk
 */
record JournalSettings(int maxExcerptBytes, long segmentBytes, boolean syncs) {
    /** A group commit is cut into excerpts of about this size: more saves nothing and costs heap. */
    static final int TARGET_EXCERPT_BYTES = 256 << 10;

    /** Room for subject, id, headers and heads beside the body. */
    static final int OVERHEAD_BYTES = 192 << 10;

    private static final int MIN_BLOCK = 1 << 20;
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long HEADER_TIMEOUT_MILLIS = 250;

    static JournalSettings of(int maxMessageBytes, long segmentBytes, boolean syncs) {
        return new JournalSettings(maxMessageBytes + OVERHEAD_BYTES, segmentBytes, syncs);
    }

    /** Chronicle takes excerpts up to a quarter of the block, a power of two. */
    int blockBytes() {
        int needed = Math.max(maxExcerptBytes, TARGET_EXCERPT_BYTES) * 4;
        return Math.max(MIN_BLOCK, Integer.highestOneBit(needed - 1) << 1);
    }

    SingleChronicleQueue queue(Path directory, IntSupplier segment) {
        return SingleChronicleQueueBuilder.binary(directory)
                .blockSize(blockBytes())
                .rollCycle(Segments.CYCLE)
                .timeProvider(() -> segment.getAsInt() * HOUR_MILLIS)
                .timeoutMS(HEADER_TIMEOUT_MILLIS)
                .build();
    }
}
