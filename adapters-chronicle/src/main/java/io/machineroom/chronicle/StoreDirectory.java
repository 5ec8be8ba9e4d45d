package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directory of a spool or log: owned by one process at a time, with a format version and a random name.
 *
 * <p>The owner is told from its own file, not from the lock file: closing any other handle of a locked file lets go of
 * the lock of the whole process, so the lock file is opened once and never read.
 */
final class StoreDirectory implements AutoCloseable {
    private static final int VERSION = 1;
    private static final Pattern ID = Pattern.compile("machine-room-(spool|log) (\\d+)\n([0-9a-f]{32})\n");

    private final Path path;
    private final Path owner;
    private final FileChannel lockChannel;
    private final FileLock lock;
    private final String id;

    private StoreDirectory(Path path, Path owner, FileChannel lockChannel, FileLock lock, String id) {
        this.path = path;
        this.owner = owner;
        this.lockChannel = lockChannel;
        this.lock = lock;
        this.id = id;
    }

    static StoreDirectory open(Path path, Disk disk, Entropy entropy) {
        disk.makeDirectory(path);
        Path owner = path.resolve(disk.kind() + ".owner");
        String self = "process " + ProcessHandle.current().pid() + " started "
                + ProcessHandle.current().info().startInstant().orElse(Instant.EPOCH);
        if (new String(disk.read(owner), StandardCharsets.UTF_8).equals(self)) {
            throw locked(path, disk, self);
        }
        FileChannel channel = null;
        boolean owned = false;
        try {
            channel = FileChannel.open(
                    path.resolve(disk.kind() + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw locked(path, disk, new String(disk.read(owner), StandardCharsets.UTF_8));
            }
            String id = identify(path, disk, entropy);
            Files.writeString(owner, self);
            owned = true;
            return new StoreDirectory(path, owner, channel, lock, id);
        } catch (OverlappingFileLockException _) {
            throw locked(path, disk, self);
        } catch (IOException e) {
            throw disk.unavailable("cannot lock " + path, e);
        } finally {
            if (!owned) {
                letGo(channel);
            }
        }
    }

    private static PortException.Refused locked(Path path, Disk disk, String holder) {
        return new PortException.Refused(disk.kind() + ".locked", path + " is held by " + holder);
    }

    private static void letGo(@org.jspecify.annotations.Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            System.getLogger(StoreDirectory.class.getName()).log(System.Logger.Level.DEBUG, "closing a lock file", e);
        }
    }

    private static String identify(Path path, Disk disk, Entropy entropy) throws IOException {
        Path file = path.resolve(disk.kind() + ".id");
        String text = new String(disk.read(file), StandardCharsets.UTF_8);
        if (text.isEmpty()) {
            if (holdsData(path)) {
                throw disk.damaged(file + " is missing although " + path + " holds data");
            }
            String id = entropy.hex(16);
            disk.replace(
                    file,
                    ("machine-room-" + disk.kind() + " " + VERSION + "\n" + id + "\n")
                            .getBytes(StandardCharsets.UTF_8));
            return id;
        }
        return parse(path, disk, text);
    }

    /** The name of a store that is there; nothing is locked or changed. */
    static String existingId(Path path, Disk disk) {
        return parse(path, disk, new String(disk.read(path.resolve(disk.kind() + ".id")), StandardCharsets.UTF_8));
    }

    private static String parse(Path path, Disk disk, String text) {
        Path file = path.resolve(disk.kind() + ".id");
        Matcher matcher = ID.matcher(text);
        if (!matcher.matches() || !matcher.group(1).equals(disk.kind())) {
            throw disk.damaged(file + " is not the name of a " + disk.kind());
        }
        if (!matcher.group(2).equals(Integer.toString(VERSION))) {
            throw new PortException.Corrupted(
                    disk.kind() + ".version",
                    path + " has format version " + matcher.group(2) + "; this program reads " + VERSION
                            + ": use the program that wrote it, or move the directory away");
        }
        return matcher.group(3);
    }

    private static boolean holdsData(Path path) throws IOException {
        try (var files = Files.walk(path, 2)) {
            return files.map(f -> f.getFileName().toString())
                    .anyMatch(name -> Segments.number(name).isPresent());
        }
    }

    Path path() {
        return path;
    }

    /** Random name made with the directory: 32 lower-case hex digits. */
    String id() {
        return id;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(owner);
            lock.release();
        } catch (IOException e) {
            System.getLogger(StoreDirectory.class.getName()).log(System.Logger.Level.DEBUG, "closing " + path, e);
        }
        letGo(lockChannel);
    }
}
