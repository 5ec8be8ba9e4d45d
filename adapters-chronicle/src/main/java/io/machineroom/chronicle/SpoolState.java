package io.machineroom.chronicle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Whether the store was closed in good order, on which boot of the machine it ran, and its own clock. Saved each minute
 * and at both ends. Of the writer thread once that runs.
 */
final class SpoolState implements AutoCloseable {
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final int SLOT = 4096;

    private final CheckpointFile file;
    private final String boot;
    private final boolean clean;
    private final boolean rebooted;
    private final long clockMillis;

    SpoolState(Disk disk, Path path) {
        this.file = new CheckpointFile(disk, path, SLOT);
        this.boot = new String(disk.read(BOOT), StandardCharsets.US_ASCII).strip();
        Optional<byte[]> saved = file.read();
        ByteBuffer bytes = ByteBuffer.wrap(saved.orElse(new byte[16]));
        this.clean = bytes.get() == 1;
        this.clockMillis = bytes.getLong();
        byte[] before = new byte[saved.isPresent() ? bytes.remaining() : 0];
        bytes.get(before);
        this.rebooted = boot.isEmpty() || !boot.equals(new String(before, StandardCharsets.US_ASCII));
    }

    boolean wasClean() {
        return clean;
    }

    /** Whether the machine went down since, or nobody can tell. */
    boolean rebooted() {
        return rebooted;
    }

    long clockMillis() {
        return clockMillis;
    }

    void save(boolean closedWell, long nowMillis) {
        byte[] name = boot.getBytes(StandardCharsets.US_ASCII);
        file.write(ByteBuffer.allocate(9 + name.length)
                .put((byte) (closedWell ? 1 : 0))
                .putLong(nowMillis)
                .put(name)
                .array());
    }

    @Override
    public void close() {
        file.close();
    }
}
