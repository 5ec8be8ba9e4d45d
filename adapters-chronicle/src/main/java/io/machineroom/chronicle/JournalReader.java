package io.machineroom.chronicle;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.wire.DocumentContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads published excerpts of a journal. Where a segment cannot be walked on, it goes on with the next one; who reads
 * sees that numbers are missing. One task at a time.
 */
final class JournalReader implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(JournalReader.class.getName());
    private static final long UNKNOWN = Long.MIN_VALUE;

    private final Journal journal;
    private @Nullable ExcerptTailer tailer;
    private int generation;
    private long passed = UNKNOWN;

    JournalReader(Journal journal) {
        this.journal = journal;
    }

    /** The excerpt behind the one at {@code index}, or the oldest for {@link Journal#NONE}; empty at the end. */
    Optional<Excerpt> after(long index) {
        journal.handles().readLock().lock();
        try {
            long from = index;
            while (from < journal.published()) {
                if (journal.isClosed()) {
                    throw journal.disk().closed();
                }
                Optional<Excerpt> excerpt = tryAfter(from);
                if (excerpt.isPresent()) {
                    return excerpt;
                }
                from = skipSegment(from);
            }
            return Optional.empty();
        } finally {
            journal.handles().readLock().unlock();
        }
    }

    /** The excerpt at that index; empty when it is gone or cannot be read. */
    Optional<Excerpt> at(long index) {
        return after(index - 1).filter(e -> e.index() == index);
    }

    private Optional<Excerpt> tryAfter(long index) {
        try {
            ExcerptTailer from = positioned(index);
            Optional<Excerpt> excerpt;
            do {
                excerpt = readNext(from);
            } while (excerpt.isPresent() && excerpt.get().index() <= index);
            if (excerpt.isPresent() && excerpt.get().index() > journal.published()) {
                passed = UNKNOWN;
                return Optional.empty();
            }
            return excerpt;
        } catch (IllegalStateException | IllegalArgumentException | IndexOutOfBoundsException e) {
            LOG.log(System.Logger.Level.WARNING, "a segment cannot be read on behind " + Long.toHexString(index), e);
            passed = UNKNOWN;
            return Optional.empty();
        } catch (java.nio.BufferUnderflowException e) {
            LOG.log(System.Logger.Level.WARNING, "a segment ends early behind " + Long.toHexString(index), e);
            passed = UNKNOWN;
            return Optional.empty();
        }
    }

    /** A tailer whose next document is at or before the one wanted. */
    private ExcerptTailer positioned(long index) {
        ExcerptTailer open = tailer;
        if (open == null || generation != journal.generation()) {
            generation = journal.generation();
            open = journal.tailer();
            tailer = open;
            passed = UNKNOWN;
        }
        if (passed != index) {
            passed = UNKNOWN;
            if (index < 0 || !(open.moveToIndex(index) || open.moveToIndex(index + 1))) {
                open.toStart();
            }
        }
        return open;
    }

    private Optional<Excerpt> readNext(ExcerptTailer from) {
        try (DocumentContext document = from.readingDocument()) {
            if (!document.isPresent()) {
                return Optional.empty();
            }
            Bytes<?> bytes = Objects.requireNonNull(document.wire()).bytes();
            int length = (int)
                    Math.min(bytes.readRemaining(), 2L * journal.settings().maxExcerptBytes());
            byte[] copy = new byte[length];
            bytes.read(copy);
            passed = document.index();
            return Optional.of(new Excerpt(passed, ByteBuffer.wrap(copy)));
        }
    }

    /** The index behind which to look when the segment of {@code index} gave nothing although it should. */
    private long skipSegment(long index) {
        int stuck = index < 0 ? -1 : Segments.segmentOf(index);
        int lastSegment = Segments.segmentOf(journal.published());
        int next = journal.segments().stream()
                .filter(s -> s > stuck && s > Segments.segmentOf(index + 1))
                .findFirst()
                .orElse(lastSegment + 1);
        passed = UNKNOWN;
        if (next > lastSegment) {
            journal.leave(lastSegment);
            return journal.published();
        }
        return Segments.CYCLE.toIndex(next, 0) - 1;
    }

    @Override
    public void close() {
        ExcerptTailer open = tailer;
        tailer = null;
        if (open != null) {
            open.close();
        }
    }
}
