package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.SpoolProvider.Finding;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.function.Consumer;

/** Reads the files of a spool from end to end and says what is wrong with them. Changes nothing. */
final class FilesCheck {
    private final Path root;
    private final Disk disk;
    private final Consumer<Finding> findings;
    private long bytes;

    FilesCheck(Path root, Disk disk, Consumer<Finding> findings) {
        this.root = root;
        this.disk = disk;
        this.findings = findings;
    }

    /** The bytes read. */
    long run() throws InterruptedException {
        if (!Files.exists(root.resolve("spool.id"))) {
            throw new PortException.Refused("spool.absent", root + " holds no spool");
        }
        table();
        for (Lane lane : Lane.values()) {
            Path directory = root.resolve(lane.wireName());
            if (Files.isDirectory(directory)) {
                lane(directory);
            }
        }
        return bytes;
    }

    private void table() {
        String file = "spool.epochs";
        try {
            String lineage = StoreDirectory.existingId(root, disk);
            EpochTable.load(root.resolve(file), disk, lineage, false);
        } catch (PortException.Corrupted e) {
            findings.accept(new Finding(
                    e.getMessage() != null && e.getMessage().contains(file) ? file : "spool.id",
                    0,
                    String.valueOf(e.getMessage())));
        }
    }

    private void lane(Path directory) throws InterruptedException {
        try {
            List<Integer> segments = Segments.in(directory);
            for (int number : segments) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                segment(Segments.file(directory, number));
            }
        } catch (IOException e) {
            throw disk.unavailable("cannot read " + directory, e);
        }
    }

    private void segment(Path file) throws IOException {
        try (Arena arena = Arena.ofConfined();
                FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
            bytes += map.byteSize();
            long position = 0;
            int header = word(map, position);
            while (header != 0 && header != SegmentScan.END_MARK) {
                int length = header & SegmentScan.LENGTH_MASK;
                if ((header & SegmentScan.INCOMPLETE) != 0 || position + 4 + length > map.byteSize()) {
                    tell(file, position, "a record that was begun and not ended, or a length that cannot be");
                    return;
                }
                if ((header & SegmentScan.META) == 0) {
                    excerpt(file, position, map.asSlice(position + 4, length).asByteBuffer());
                }
                position = SegmentScan.next(position, header);
                header = word(map, position);
            }
            long dirty = SegmentScan.firstDirtyByte(map, header == SegmentScan.END_MARK ? position + 4 : position);
            if (position == 0) {
                tell(file, 0, "no record at all");
            } else if (dirty >= 0) {
                tell(file, dirty, "something behind the last record");
            }
        }
    }

    private static int word(MemorySegment map, long position) {
        return position + ValueLayout.JAVA_INT.byteSize() > map.byteSize() ? 0 : map.get(SegmentScan.WORD, position);
    }

    private void excerpt(Path file, long position, ByteBuffer excerpt) {
        if (ExcerptHeader.read(excerpt).isEmpty()) {
            tell(file, position, "a group of records whose head is damaged");
            return;
        }
        int offset = ExcerptHeader.BYTES;
        while (offset < excerpt.limit()) {
            int length = Frames.length(excerpt, offset);
            if (length < 0) {
                tell(file, position + 4 + offset, "a record whose length cannot be");
                return;
            }
            if (!Frames.whole(excerpt, offset, length)) {
                tell(file, position + 4 + offset, "a record whose checksum is wrong");
            }
            offset += length;
        }
    }

    private void tell(Path file, long offset, String what) {
        findings.accept(new Finding(root.relativize(file).toString(), offset, what));
    }
}
