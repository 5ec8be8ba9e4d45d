package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Durable file operations of one store, and how their faults are told. The kind, {@code spool} or {@code log}, is the
 * first word of every error code.
 *
 * @param kind first word of the codes
 * @param free free bytes of the disk the store lies on
 * @param syncing is told of each file and directory just before it is synced
 */
record Disk(String kind, LongSupplier free, Syncing syncing) {
    /** Index pages, the head of a new segment and the table beside it. */
    private static final long AROUND = 512 << 10;

    static Disk of(String kind, Path directory) {
        return new Disk(kind, () -> directory.toFile().getUsableSpace(), (_, _, _) -> {});
    }

    PortException.Unavailable unavailable(String what, Throwable cause) {
        return new PortException.Unavailable(kind + ".disk", what + ": " + cause, cause);
    }

    /**
     * Refuses to go on when the disk cannot take so many bytes and what Chronicle lays around them. Its files are mapped
     * and have holes: a hole that the disk cannot fill does not end in an exception but in the end of the process.
     */
    void secure(long bytes) {
        long room = free.getAsLong();
        if (room < bytes + AROUND) {
            throw new PortException.Unavailable(
                    kind + ".disk", "the disk has " + room + " bytes; " + (bytes + AROUND) + " are needed to write");
        }
    }

    PortException.Corrupted damaged(String what) {
        return new PortException.Corrupted(kind + ".damaged", what);
    }

    PortException.Refused closed() {
        return new PortException.Refused(kind + ".closed", "the " + kind + " is closed");
    }

    /** Makes a directory that only its owner may enter. */
    void makeDirectory(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(parent(directory));
                Files.createDirectory(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                syncDirectory(parent(directory));
            }
        } catch (IOException e) {
            throw unavailable("cannot make " + directory, e);
        }
    }

    /** Replaces a file as one whole: after a power cut it holds the old or the new bytes. */
    void replace(Path file, byte[] bytes) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                writeFully(channel, ByteBuffer.wrap(bytes), 0);
                force(channel, next, true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncDirectory(parent(file));
        } catch (IOException e) {
            throw unavailable("cannot write " + file, e);
        }
    }

    /** The bytes of a file; empty when there is none. */
    byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException _) {
            return new byte[0];
        } catch (IOException e) {
            throw unavailable("cannot read " + file, e);
        }
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.toAbsolutePath().getParent(), "the root has no parent");
    }

    void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            force(channel, directory, true);
        }
    }

    /** Every sync of a store goes through here. */
    void force(FileChannel channel, Path file, boolean metadata) throws IOException {
        syncing.before(file, 0, Long.MAX_VALUE);
        channel.force(metadata);
    }

    /**
     * Syncs some of a mapped file, by its pages, and its length.
     *
     * @param map of the file from its first byte on
     */
    void force(MemorySegment map, Path file, long from, long to) throws IOException {
        syncing.before(file, from, to);
        try {
            map.asSlice(from, to - from).force();
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }
}
