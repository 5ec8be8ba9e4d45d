package io.machineroom.chronicle;

import io.machineroom.ports.contract.ShiftedTime;
import io.machineroom.ports.contract.SpoolUnderTest;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A Chronicle spool in a directory, and what may happen to its files. */
final class ChronicleUnderTest implements SpoolUnderTest {
    private final Path directory;
    private final ShiftedTime time = new ShiftedTime();
    private final AtomicBoolean full = new AtomicBoolean();
    private final SpoolProvider provider = new ChronicleSpoolProvider(() -> full.get() ? 1 << 20 : 1L << 40);

    ChronicleUnderTest(Path directory) {
        this(directory, "spool");
    }

    private ChronicleUnderTest(Path parent, String name) {
        this.directory = parent.resolve(name);
    }

    /** In exactly that directory. */
    static ChronicleUnderTest at(Path directory) {
        return new ChronicleUnderTest(directory, "");
    }

    @Override
    public SpoolProvider.Settings settings() {
        return new SpoolProvider.Settings(
                directory, 16 << 20, 100_000, 64 << 10, 8 << 20, SpoolProvider.Durability.EACH_BATCH);
    }

    @Override
    public Spool open(SpoolProvider.Settings settings) {
        return provider.open(settings, time, new RealEntropy());
    }

    @Override
    public List<SpoolProvider.Finding> check() throws InterruptedException {
        List<SpoolProvider.Finding> findings = new ArrayList<>();
        provider.check(directory, findings::add);
        return findings;
    }

    @Override
    public void kill(Spool spool) {
        ((ChronicleSpool) spool).abandon();
    }

    @Override
    public void tearTail() {
        Path file = lastSegment(directory.resolve("normal"));
        try {
            SegmentScan scan = SegmentScan.of(file, true);
            Files.write(file, torn(Files.readAllBytes(file), (int) scan.end()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A record whose length was written and whose end was not, as Chronicle leaves it when the power goes. */
    static byte[] torn(byte[] bytes, int end) {
        int length = 500;
        bytes[end] = (byte) length;
        bytes[end + 1] = (byte) (length >> 8);
        bytes[end + 3] = (byte) 0x80;
        for (int i = 4; i < 300; i++) {
            bytes[end + i] = 'x';
        }
        return bytes;
    }

    @Override
    public void damage(String body) {
        for (Path file : segments(directory.resolve("normal"))) {
            try {
                byte[] bytes = Files.readAllBytes(file);
                int at = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(body);
                if (at >= 0) {
                    bytes[at] ^= 1;
                    Files.write(file, bytes);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void otherVersion() {
        Path id = directory.resolve("spool.id");
        try {
            Files.writeString(id, Files.readString(id).replaceFirst(" \\d+", " 999"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void fillDisk(boolean now) {
        full.set(now);
    }

    @Override
    public ShiftedTime time() {
        return time;
    }

    Path directory() {
        return directory;
    }

    /** The machine starts again: another boot, and no process that holds the spool. */
    static void reboot(Path spool) throws IOException {
        Files.deleteIfExists(spool.resolve("spool.owner"));
        Path state = spool.resolve("spool.state");
        if (Files.exists(state)) {
            try (CheckpointFile file = new CheckpointFile(Disk.of("spool", spool), state, 4096)) {
                file.read().ifPresent(saved -> {
                    byte[] boot = "another boot".getBytes(StandardCharsets.US_ASCII);
                    byte[] now = Arrays.copyOf(saved, 9 + boot.length);
                    System.arraycopy(boot, 0, now, 9, boot.length);
                    file.write(now);
                });
            }
        }
    }

    static List<Path> segments(Path of) {
        try (var files = Files.list(of)) {
            return files.filter(f -> f.toString().endsWith(Segments.SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path lastSegment(Path of) {
        return segments(of).getLast();
    }
}
