package io.machineroom.app.host;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writing that survives a power cut, and the cancellation of the writing task: an interrupt must not tear a
 * file in two, so it is kept for the task's next wait.
 */
final class Durable {
    private final AtomicLong count = new AtomicLong();

    /** Changes the temporary file before it gets its name. */
    interface Finish {
        void apply(Path temporary) throws IOException;
    }

    /** Replaces a file whole: private temporary file, content, finish, sync, rename, sync of the directory. */
    void replace(Path path, byte[] content, Finish finish) throws IOException {
        Path directory = Objects.requireNonNull(path.getParent(), "a file, not the root");
        Path temporary = directory.resolve("." + path.getFileName() + "."
                + ProcessHandle.current().pid() + "-" + count.incrementAndGet() + ".tmp");
        try {
            Files.createFile(temporary, PosixFilePermissions.asFileAttribute(permissions(0600)));
            try (FileOutputStream out = new FileOutputStream(temporary.toFile())) {
                out.write(content);
                finish.apply(temporary);
                out.getFD().sync();
            }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw e;
        }
        sync(directory);
    }

    /** Makes the directories that are missing, with that mode whatever the mask, and syncs their parents. */
    static void makeDirectories(Path path, int mode) throws IOException {
        if (Files.isDirectory(path)) {
            return;
        }
        Path parent = path.getParent();
        if (parent != null) {
            makeDirectories(parent, 0700);
        }
        Files.createDirectory(path);
        Files.setPosixFilePermissions(path, permissions(mode));
        if (parent != null) {
            sync(parent);
        }
    }

    /** Syncs a file or directory. A channel closes when its thread is interrupted: then once more. */
    static void sync(Path path) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (!synced(path)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean synced(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException again) {
            return false;
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        PosixFilePermission[] all = PosixFilePermission.values();
        Set<PosixFilePermission> out = EnumSet.noneOf(PosixFilePermission.class);
        for (int bit = 0; bit < all.length; bit++) {
            if ((mode >> (all.length - 1 - bit) & 1) != 0) {
                out.add(all[bit]);
            }
        }
        return out;
    }

    static int mode(Set<PosixFilePermission> permissions) {
        int mode = 0;
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            mode = mode << 1 | (permissions.contains(permission) ? 1 : 0);
        }
        return mode;
    }
}
