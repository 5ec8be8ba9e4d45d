package io.machineroom.chronicle;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Writes into a growing segment and makes it durable: all of the file at first, then what was laid since, by its pages. The head
 * of the file and its index, which change with each excerpt and lie elsewhere, are left to {@link #finish}: after a power cut nobody
 * looks at them ({@link JournalTail} lays the records anew), and a sync of three places takes half as long again as one of one.
 * Writer thread.
 */
final class OpenSegment implements AutoCloseable {
    private final Disk disk;
    private final Path file;
    private final FileChannel channel;
    private @Nullable Arena arena;
    private MemorySegment map = MemorySegment.NULL;
    private long forced;

    OpenSegment(Disk disk, Path file) throws IOException {
        this.disk = disk;
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    boolean isOf(Path other) {
        return file.equals(other);
    }

    /** Lays bytes where the library has made room for them. On a full disk an {@code IOException}, and no fault of a map. */
    void write(byte[] bytes, int length, long position) throws IOException {
        Disk.writeFully(channel, ByteBuffer.wrap(bytes, 0, length), position);
    }

    /** Makes the first {@code end} bytes durable, and that the file is there. */
    void force(long end) throws IOException {
        if (forced == 0) {
            finish();
            disk.syncDirectory(Disk.parent(file));
        } else if (end > forced) {
            cover(end);
            disk.force(map, file, forced, end);
        }
        forced = end;
    }

    /** Makes all of the file durable. */
    void finish() throws IOException {
        disk.force(channel, file, true);
    }

    /** The library has made the file longer than what was laid in it. */
    @SuppressWarnings("MustBeClosed") // closed with the file, or with the next one
    private void cover(long end) throws IOException {
        if (end > map.byteSize()) {
            unmap();
            Arena longer = Arena.ofShared();
            arena = longer;
            map = channel.map(FileChannel.MapMode.READ_WRITE, 0, Math.max(end, channel.size()), longer);
        }
    }

    /** Or the disk would keep the file's room after it is deleted. */
    private void unmap() {
        Arena open = arena;
        arena = null;
        map = MemorySegment.NULL;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void close() throws IOException {
        unmap();
        channel.close();
    }
}
