package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.CRC32C;

/** The directory: who has it, its name, and small files that are replaced as one whole, each with a checksum. */
final class Store implements AutoCloseable {
    private static final String KIND = "segment-spool 1";

    /** A lock of a file belongs to a whole process; these tell its own openings apart. */
    private static final Set<Path> MINE = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;
    private final String lineage;

    private Store(Path root, FileChannel channel, FileLock lock, String lineage) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
        this.lineage = lineage;
    }

    static Store open(Path directory, Entropy entropy) {
        Path root = makeDirectory(directory.toAbsolutePath().normalize());
        if (!MINE.add(root)) {
            throw locked(root);
        }
        FileChannel channel = null;
        FileLock lock = null;
        try {
            channel = FileChannel.open(root.resolve("spool.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock = channel.tryLock();
            if (lock == null) {
                throw locked(root);
            }
            Files.writeString(
                    root.resolve("spool.owner"),
                    "process " + ProcessHandle.current().pid());
            String id = load(root.resolve("spool.id")).orElseGet(() -> identify(root, entropy));
            return new Store(root, channel, lock, lineage(root, id));
        } catch (IOException e) {
            throw disk("cannot lock " + root, e);
        } finally {
            if (lock == null) {
                MINE.remove(root);
                close(channel);
            }
        }
    }

    private static PortException.Refused locked(Path root) {
        String owner;
        try {
            owner = Files.readString(root.resolve("spool.owner"));
        } catch (IOException e) {
            owner = "another process";
        }
        return new PortException.Refused("spool.locked", root + " is held by " + owner);
    }

    private static String identify(Path root, Entropy entropy) {
        if (Files.exists(root.resolve("spool.id")) || Files.exists(root.resolve("spool.epochs"))) {
            throw damaged(root + "/spool.id is missing or damaged");
        }
        String id = KIND + "\n" + entropy.hex(16);
        save(root.resolve("spool.id"), id);
        return id;
    }

    static String lineage(Path root, String id) {
        String[] lines = id.split("\n", -1);
        if (lines.length != 2 || !lines[0].equals(KIND)) {
            throw new PortException.Corrupted(
                    "spool.version", root + " says '" + lines[0] + "'; this program reads '" + KIND + "'");
        }
        return lines[1];
    }

    Path root() {
        return root;
    }

    /** Random name of the directory. */
    String lineage() {
        return lineage;
    }

    static PortException.Unavailable disk(String what, Throwable cause) {
        return new PortException.Unavailable("spool.disk", what + ": " + cause, cause);
    }

    static PortException.Corrupted damaged(String what) {
        return new PortException.Corrupted("spool.damaged", what);
    }

    static Path makeDirectory(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                syncDirectory(directory.resolveSibling("."));
            }
            return directory;
        } catch (IOException e) {
            throw disk("cannot make " + directory, e);
        }
    }

    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel handle = FileChannel.open(directory, StandardOpenOption.READ)) {
            handle.force(true);
        }
    }

    /** Replaces a file; after a power cut it is the old one or the new one. */
    static void save(Path file, String text) {
        byte[] bytes = (text + "\n" + checksum(file, text)).getBytes(StandardCharsets.UTF_8);
        Path next = file.resolveSibling(file.getFileName() + "~");
        try {
            try (FileChannel to = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer from = ByteBuffer.wrap(bytes);
                while (from.hasRemaining()) {
                    to.write(from);
                }
                to.force(true);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncDirectory(file.resolveSibling("."));
        } catch (IOException e) {
            throw disk("cannot write " + file, e);
        }
    }

    /** What {@link #save} wrote; empty when there is no file or it is damaged. */
    static Optional<String> load(Path file) {
        try {
            String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            int end = all.lastIndexOf('\n');
            return end >= 0 && all.substring(end + 1).equals(checksum(file, all.substring(0, end)))
                    ? Optional.of(all.substring(0, end))
                    : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw disk("cannot read " + file, e);
        }
    }

    /** Over the name too: two files that changed places are both damaged. */
    private static String checksum(Path file, String text) {
        CRC32C crc = new CRC32C();
        crc.update(String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8));
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    private static void close(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            System.getLogger(Store.class.getName()).log(System.Logger.Level.DEBUG, "closing a lock", e);
        }
    }

    @Override
    public void close() {
        try {
            lock.release();
        } catch (IOException e) {
            System.getLogger(Store.class.getName()).log(System.Logger.Level.DEBUG, "letting go of " + root, e);
        }
        close(channel);
        MINE.remove(root);
    }
}
