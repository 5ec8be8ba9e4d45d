package io.machineroom.chronicle;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;

/**
 * Cuts the tail of a segment: lays the records that stay into a fresh file of the same number, so that their indexes
 * stay and Chronicle's own bookkeeping is new, and puts it in place of the old one as one whole.
 */
final class TailRepair {
    private static final String ROOM = "repair";

    private final Path directory;
    private final Disk disk;
    private final JournalSettings settings;

    TailRepair(Path directory, Disk disk, JournalSettings settings) {
        this.directory = directory;
        this.disk = disk;
        this.settings = settings;
    }

    /** Removes what an interrupted repair left. */
    void sweep() throws IOException {
        Path room = directory.resolve(ROOM);
        if (Files.isDirectory(room)) {
            try (var files = Files.list(room)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(room);
        }
    }

    /** Keeps the first {@code documents} excerpts of a segment; with none the file goes. */
    void keep(int segment, int documents) throws IOException {
        Path file = directory.resolve(Segments.name(segment));
        if (documents == 0) {
            Files.deleteIfExists(file);
        } else {
            sweep();
            Path room = Files.createDirectory(directory.resolve(ROOM));
            copy(file, room, segment, documents);
            Path copy = room.resolve(Segments.name(segment));
            try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                disk.force(channel, copy, true);
            }
            Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sweep();
        }
        disk.syncDirectory(directory);
    }

    /**
     * Takes a segment out of sight of the library, which need not understand its file any more; readers do without.
     *
     * @param documents how many of its excerpts were published; what lies behind them is cut
     */
    void retire(int segment, long documents) throws IOException {
        Path file = directory.resolve(Segments.name(segment));
        if (Files.exists(file)) {
            try (SegmentReader reader = new SegmentReader(file);
                    FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                boolean more = true;
                while (more && reader.sequence() < documents) {
                    more = reader.next().isPresent();
                }
                if (more) {
                    channel.truncate(reader.position());
                }
                disk.force(channel, file, true);
            }
            Files.move(file, Segments.retired(directory, segment), StandardCopyOption.ATOMIC_MOVE);
            disk.syncDirectory(directory);
        }
    }

    private void copy(Path from, Path room, int segment, int documents) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(from, StandardOpenOption.READ);
                SingleChronicleQueue queue = settings.queue(room, () -> segment);
                var appender = queue.createAppender()) {
            MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            long position = 0;
            int copied = 0;
            while (copied < documents) {
                int header = map.get(SegmentScan.WORD, position);
                if ((header & SegmentScan.META) == 0) {
                    byte[] bytes = new byte[header & SegmentScan.LENGTH_MASK];
                    map.asSlice(position + 4, bytes.length).asByteBuffer().get(bytes);
                    ExcerptBody.lay(appender, excerpt -> excerpt.write(bytes));
                    copied++;
                }
                position = SegmentScan.next(position, header);
            }
        }
    }
}
