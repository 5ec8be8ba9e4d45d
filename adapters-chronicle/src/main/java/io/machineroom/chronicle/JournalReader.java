package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads published excerpts of a journal. Where a segment cannot be walked on, it goes on with the next one; who reads
 * sees that numbers are missing. One task at a time.
 */
final class JournalReader implements AutoCloseable {
    private final Journal journal;
    private @Nullable SegmentReader reader;
    private int segment;
    private int generation;
    private long ahead = Journal.NONE;

    JournalReader(Journal journal) {
        this.journal = journal;
    }

    /** Ordinal of the epoch of the oldest excerpt; 0 when it cannot be read, the largest when there is none. */
    static long firstEpoch(Journal journal) {
        try (JournalReader reader = new JournalReader(journal)) {
            return reader.after(Journal.NONE)
                    .flatMap(e -> ExcerptHeader.read(e.bytes()))
                    .map(ExcerptHeader::ordinal)
                    .orElse(journal.published() == Journal.NONE ? Long.MAX_VALUE : 0L);
        }
    }

    /** The excerpt behind the one at {@code index}, or the oldest for {@link Journal#NONE}; empty at the end. */
    Optional<Excerpt> after(long index) {
        journal.handles().readLock().lock();
        try {
            long published = journal.published();
            if (index >= published) {
                return Optional.empty();
            }
            if (journal.isClosed()) {
                throw journal.disk().closed();
            }
            long wanted = index + 1;
            int number = index < 0 ? 0 : Segments.segmentOf(wanted);
            Optional<Excerpt> found = Optional.empty();
            while (found.isEmpty() && number <= Segments.segmentOf(published)) {
                found = in(number, wanted, published);
                number = found.isPresent() ? number : next(number);
            }
            return found;
        } catch (IOException e) {
            throw journal.disk().unavailable("cannot read a journal", e);
        } finally {
            journal.handles().readLock().unlock();
        }
    }

    /** The excerpt at that index; empty when it is gone or cannot be read. */
    Optional<Excerpt> at(long index) {
        return after(index - 1).filter(e -> e.index() == index);
    }

    private int next(int number) {
        return journal.segments().stream().filter(s -> s > number).findFirst().orElse(Integer.MAX_VALUE);
    }

    /** The first excerpt of a segment at or behind the wanted index. */
    private Optional<Excerpt> in(int number, long wanted, long published) throws IOException {
        SegmentReader from = positioned(number, wanted);
        if (from == null) {
            return Optional.empty();
        }
        if (ahead != published) {
            from.forgetAhead();
            ahead = published;
        }
        while (true) {
            long here = Segments.CYCLE.toIndex(number, from.sequence());
            Optional<byte[]> bytes = here > published ? Optional.empty() : from.next();
            if (bytes.isEmpty()) {
                return Optional.empty();
            }
            if (here >= wanted) {
                return Optional.of(new Excerpt(here, ByteBuffer.wrap(bytes.get())));
            }
        }
    }

    /** A reader of that segment that stands at or before the wanted index; null when the segment is gone. */
    private @Nullable SegmentReader positioned(int number, long wanted) throws IOException {
        SegmentReader open = reader;
        boolean fits = open != null
                && segment == number
                && generation == journal.generation()
                && Segments.CYCLE.toIndex(number, open.sequence()) <= wanted;
        if (fits) {
            return open;
        }
        close();
        Path file = journal.file(number);
        if (!Files.exists(file)) {
            return null;
        }
        open = new SegmentReader(file);
        reader = open;
        segment = number;
        generation = journal.generation();
        ahead = Journal.NONE;
        return open;
    }

    @Override
    public void close() {
        SegmentReader open = reader;
        reader = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            System.getLogger(JournalReader.class.getName()).log(System.Logger.Level.DEBUG, "closing a segment", e);
        }
    }
}
