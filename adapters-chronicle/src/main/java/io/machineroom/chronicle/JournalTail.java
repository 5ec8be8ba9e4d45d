package io.machineroom.chronicle;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a journal ended when it was last open; looking mends what a crash left half done. */
final class JournalTail {
    private final Path directory;
    private final TailRepair repair;
    private int segment = 1;
    private long written;
    private long published = Journal.NONE;
    private @Nullable ExcerptHeader last;
    private long tornBytes;

    /**
     * Looks at the newest segments.
     *
     * @param clean whether it was closed in good order: then what is wrong is damage, not a half written tail
     * @param rebooted whether the machine may have lost power since
     */
    JournalTail(Path directory, TailRepair repair, boolean clean, boolean rebooted) throws IOException {
        this.directory = directory;
        this.repair = repair;
        for (int number : Segments.in(directory).reversed()) {
            Path file = Segments.file(directory, number);
            SegmentScan scan = SegmentScan.of(file, !clean, !clean && rebooted);
            boolean retired = !file.getFileName().toString().endsWith(Segments.SUFFIX);
            boolean damaged = clean && (scan.tornBytes() > 0 || scan.documents() == 0);
            boolean found = retired || damaged ? adopt(number) : take(number, scan, !clean && rebooted);
            if (found) {
                return;
            }
        }
    }

    private boolean take(int number, SegmentScan scan, boolean lostPower) throws IOException {
        if (scan.documents() == 0 || scan.tornBytes() > 0 || lostPower) {
            repair.keep(number, scan.documents());
        }
        tornBytes += scan.tornBytes();
        if (scan.documents() == 0) {
            return false;
        }
        Path file = directory.resolve(Segments.name(number));
        boolean finished = scan.ended()
                && Files.exists(file)
                && SegmentScan.of(file, false).ended();
        segment = Math.max(segment, finished ? number + 1 : number);
        written = segment > number ? 0 : scan.end();
        last = scan.last();
        published = Segments.CYCLE.toIndex(number, scan.documents() - 1L);
        return true;
    }

    /** A segment that is damaged although it was closed well stays as it is, for reading only. */
    private boolean adopt(int number) throws IOException {
        segment = Math.max(segment, number + 1);
        long excerpts;
        try (SegmentReader reader = new SegmentReader(Segments.file(directory, number))) {
            Optional<byte[]> next = reader.next();
            while (next.isPresent()) {
                last = ExcerptHeader.read(ByteBuffer.wrap(next.get())).orElse(last);
                next = reader.next();
            }
            excerpts = reader.sequence();
        }
        repair.retire(number, excerpts);
        if (last != null) {
            published = Segments.CYCLE.toIndex(number, excerpts - 1);
        }
        return last != null;
    }

    /** The segment to write to. */
    int segment() {
        return segment;
    }

    /** Bytes that it holds. */
    long written() {
        return written;
    }

    /** Index of the last excerpt; {@link Journal#NONE} in an empty journal. */
    long published() {
        return published;
    }

    /** Head of that excerpt. */
    @Nullable ExcerptHeader last() {
        return last;
    }

    /** Bytes that were cut. */
    long tornBytes() {
        return tornBytes;
    }
}
