package io.machineroom.chronicle;

import io.machineroom.ports.store.EventLog.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Saved states beside a log: the newest two, each with a checksum and written as one whole. */
final class SnapshotStore {
    private static final int MAX_BYTES = 64 << 20;
    private static final int MAGIC = 0x4d52534e;
    private static final int HEADER = 20;
    private static final int KEPT = 2;

    private final Path directory;
    private final Disk disk;

    SnapshotStore(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
        disk.makeDirectory(directory);
    }

    void save(long index, byte[] state) {
        if (state.length > MAX_BYTES) {
            throw new IllegalArgumentException("a snapshot of " + state.length + " bytes; at most " + MAX_BYTES);
        }
        ByteBuffer bytes = ByteBuffer.allocate(HEADER + state.length);
        bytes.putInt(MAGIC).putLong(index).putInt(state.length).putInt(0).put(state);
        bytes.putInt(16, checksum(bytes.array()));
        disk.replace(directory.resolve(String.format("%020d.snapshot", index)), bytes.array());
        try {
            for (Path old : newestFirst().stream().skip(KEPT).toList()) {
                Files.delete(old);
            }
        } catch (IOException e) {
            throw disk.unavailable("cannot delete an old snapshot", e);
        }
    }

    Optional<Snapshot> newest() {
        try {
            return newestFirst().stream()
                    .map(this::read)
                    .flatMap(Optional::stream)
                    .findFirst();
        } catch (IOException e) {
            throw disk.unavailable("cannot list " + directory, e);
        }
    }

    private List<Path> newestFirst() throws IOException {
        try (var files = Files.list(directory)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".snapshot"))
                    .sorted(java.util.Comparator.reverseOrder())
                    .toList();
        }
    }

    private Optional<Snapshot> read(Path file) {
        byte[] bytes = disk.read(file);
        ByteBuffer from = ByteBuffer.wrap(bytes);
        if (bytes.length < HEADER
                || from.getInt(0) != MAGIC
                || from.getInt(12) != bytes.length - HEADER
                || from.getInt(16) != checksum(bytes)) {
            System.getLogger(SnapshotStore.class.getName())
                    .log(System.Logger.Level.WARNING, file + " is damaged and left out");
            return Optional.empty();
        }
        return Optional.of(new Snapshot(from.getLong(4), java.util.Arrays.copyOfRange(bytes, HEADER, bytes.length)));
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, 16);
        crc.update(bytes, HEADER, bytes.length - HEADER);
        return (int) crc.getValue();
    }
}
