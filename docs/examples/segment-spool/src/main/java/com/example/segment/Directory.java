package com.example.segment;

import io.machineroom.ports.PortException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
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

/** The directory: who has it, and small texts that are replaced as one whole, each with a checksum. */
final class Directory implements AutoCloseable {
    /** A lock of a file is a whole process's, and goes when any of its channels closes: so nobody opens it twice here. */
    private static final Set<Path> MINE = ConcurrentHashMap.newKeySet();

    private static final String OWNER = "spool.owner";

    private final Path root;
    private final FileChannel lock;

    Directory(Path directory) {
        this.root = make(directory.toAbsolutePath().normalize());
        if (!MINE.add(root)) {
            throw locked(root);
        }
        boolean mine = false;
        try {
            lock = lock(root);
            mine = true;
        } catch (IOException e) {
            throw disk("cannot lock " + root, e);
        } finally {
            if (!mine) {
                MINE.remove(root);
            }
        }
    }

    private static FileChannel lock(Path root) throws IOException {
        FileChannel lock =
                FileChannel.open(root.resolve("spool.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean mine = false;
        try {
            if (lock.tryLock() == null) {
                throw locked(root);
            }
            Files.writeString(
                    root.resolve(OWNER), "process " + ProcessHandle.current().pid());
            mine = true;
            return lock;
        } finally {
            if (!mine) {
                lock.close();
            }
        }
    }

    private static PortException.Refused locked(Path root) {
        String owner = "another process";
        try {
            owner = Files.readString(root.resolve(OWNER));
        } catch (IOException e) {
            System.getLogger(Directory.class.getName()).log(System.Logger.Level.DEBUG, "nobody signed", e);
        }
        return new PortException.Refused("spool.locked", root + " is held by " + owner);
    }

    static PortException.Unavailable disk(String what, Throwable cause) {
        return new PortException.Unavailable("spool.disk", what + ": " + cause, cause);
    }

    static Path make(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                sync(directory.resolveSibling("."));
            }
            return directory;
        } catch (IOException e) {
            throw disk("cannot make " + directory, e);
        }
    }

    /** Only a channel can sync a directory, and an interrupt closes a channel: then once more, with a new one. */
    static void sync(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel handle = FileChannel.open(directory, StandardOpenOption.READ)) {
                    handle.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted = Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Replaces a file; after a power cut it is the old one or the new one. */
    static void save(Path file, String text) {
        Path next = file.resolveSibling(file.getFileName() + "~");
        try (FileOutputStream out = new FileOutputStream(next.toFile())) {
            out.write((text + "\n" + checksum(file, text)).getBytes(StandardCharsets.UTF_8));
            out.getFD().sync();
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(file.resolveSibling("."));
        } catch (IOException e) {
            throw disk("cannot write " + file, e);
        }
    }

    /** What {@link #save} wrote; empty when there is no file or it is damaged. */
    static Optional<String> load(Path file) {
        try {
            String all = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            int end = Math.max(0, all.lastIndexOf('\n'));
            String text = all.substring(0, end);
            return Optional.of(text).filter(t -> all.equals(t + "\n" + checksum(file, t)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw disk("cannot read " + file, e);
        }
    }

    /** Over the name too: two files that changed places are both damaged. */
    private static String checksum(Path file, String text) {
        CRC32C crc = new CRC32C();
        crc.update((file.getFileName() + "\n" + text).getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            System.getLogger(Directory.class.getName()).log(System.Logger.Level.DEBUG, "letting go of " + root, e);
        }
        MINE.remove(root);
    }
}
