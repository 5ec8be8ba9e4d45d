package io.machineroom.chronicle;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Assumptions;

/** A small ext4 file system in an image file; needs root and loop devices. */
final class LoopDisk implements AutoCloseable {
    private final Path image;
    private final Path mountPoint;

    private LoopDisk(Path image, Path mountPoint) {
        this.image = image;
        this.mountPoint = mountPoint;
    }

    /** A new one; where that cannot be, the test says so and ends. */
    static LoopDisk make(Path directory, String name, int megabytes) throws IOException, InterruptedException {
        Path image = directory.resolve(name + ".img");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) megabytes << 20);
        }
        boolean made = run("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        LoopDisk disk = new LoopDisk(image, Files.createDirectory(directory.resolve(name)));
        Assumptions.assumeTrue(
                made && disk.mount(), "no ext4 image can be mounted here: that needs root and a free loop device");
        return disk;
    }

    private boolean mount() throws IOException, InterruptedException {
        return run("mount", "-o", "loop", image.toString(), mountPoint.toString());
    }

    Path directory() {
        return mountPoint;
    }

    /** What a power cut would leave at this moment: what reached the image. Mounting it replays the journal. */
    LoopDisk cut(Path directory, String name) throws IOException, InterruptedException {
        Path copy = directory.resolve(name + ".img");
        if (!run("cp", "--sparse=always", image.toString(), copy.toString())) {
            throw new IOException("cannot copy " + image);
        }
        LoopDisk disk = new LoopDisk(copy, Files.createDirectory(directory.resolve(name)));
        if (!disk.mount()) {
            throw new IOException("cannot mount " + copy);
        }
        return disk;
    }

    static boolean run(String... command) throws IOException, InterruptedException {
        try {
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            System.out.println(command[0] + " is missing here: " + e.getMessage());
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        boolean gone = false;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        try {
            while (!gone && System.nanoTime() < deadline) {
                gone = run("umount", mountPoint.toString());
                if (!gone) { // the library unmaps in a thread of its own, a little later
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!gone) {
            throw new IOException("cannot unmount " + mountPoint);
        }
        Files.delete(mountPoint);
        Files.delete(image);
    }
}
