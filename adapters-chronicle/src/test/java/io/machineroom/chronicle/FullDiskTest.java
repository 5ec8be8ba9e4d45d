package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A real file system of a few megabytes, full to the last byte: by us, and by others. */
@Timeout(120)
final class FullDiskTest {
    private static final int MEGABYTES = 24;

    @TempDir
    private Path directory;

    private int sent;
    private final List<String> accepted = new ArrayList<>();

    private static Spool open(Path at) {
        SpoolProvider.Settings settings =
                new SpoolProvider.Settings(at, 1L << 40, 1L << 40, 64 << 10, 0, SpoolProvider.Durability.EACH_BATCH);
        return new ChronicleSpoolProvider().open(settings, new RealTime(), new RealEntropy());
    }

    private void append(Spool spool) throws InterruptedException {
        String id = "m" + sent++;
        spool.append(
                Lane.NORMAL,
                List.of(new Message(Subject.of("a.b"), id, Map.of(), ByteBuffer.allocate(16 << 10), Instant.EPOCH)));
        accepted.add(id);
    }

    /** Appends until it is refused; the code. */
    private String appendUntilRefused(Spool spool) {
        while (true) {
            try {
                append(spool);
            } catch (PortException.Refused | PortException.Unavailable told) {
                return told.code();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static List<Delivery> readAll(Source source) throws InterruptedException {
        List<Delivery> all = new ArrayList<>();
        List<Delivery> batch = source.read(1_000, 4 << 20, Duration.ZERO);
        while (!batch.isEmpty()) {
            all.addAll(batch);
            batch = source.read(1_000, 4 << 20, Duration.ZERO);
        }
        return all;
    }

    private static List<String> ids(List<Delivery> all) {
        return all.stream().map(d -> d.message().id()).toList();
    }

    @Test
    void fillsTheDiskItselfAndGoesOnWhenRecordsAreDone() throws Exception {
        try (LoopDisk disk = LoopDisk.make(directory, "ours", MEGABYTES);
                Spool spool = open(disk.directory().resolve("spool"));
                Source source = spool.source("pump")) {
            for (int round = 0; round < 3; round++) {
                assertTrue(appendUntilRefused(spool).matches("spool\\.(full|disk)"));
                List<Delivery> all = readAll(source);
                assertEquals(accepted, ids(all), "round " + round);
                assertTrue(all.size() > 100, all.size() + " records filled the disk");
                source.commit(new DoneMark(
                        spool.epoch(), Lane.NORMAL, all.getLast().stamp().through(), "s"));
                spool.trim();
                accepted.clear();
                append(spool);
            }
        }
    }

    @Test
    void waitsWhileOthersFillTheDiskToTheLastByte() throws Exception {
        try (LoopDisk disk = LoopDisk.make(directory, "others", MEGABYTES)) {
            Path at = disk.directory().resolve("spool");
            Path others = disk.directory().resolve("others");
            try (Spool spool = open(at);
                    Source source = spool.source("pump")) {
                for (int i = 0; i < 50; i++) {
                    append(spool);
                }
                fill(others);
                for (int i = 0; i < 20; i++) {
                    assertThrows(PortException.class, () -> append(spool));
                }
                assertEquals(accepted, ids(readAll(source)));
                Files.delete(others);
                append(spool);
                source.rewind();
                assertEquals(accepted, ids(readAll(source)));
                fill(others);
            }
            startsOrSaysWhy(at);
            Files.delete(others);
            try (Spool spool = open(at);
                    Source source = spool.source("pump")) {
                append(spool);
                assertEquals(accepted, ids(readAll(source)));
            }
        }
    }

    /** Started again without a byte of room: it shows what it has, or says that the disk refuses. */
    private void startsOrSaysWhy(Path at) throws InterruptedException {
        try (Spool spool = open(at);
                Source source = spool.source("pump")) {
            assertEquals(accepted, ids(readAll(source)));
        } catch (PortException.Unavailable told) {
            assertEquals("spool.disk", told.code());
        }
    }

    /** Writes until the disk takes not one byte more. */
    private static void fill(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int size = 1 << 20; size >= 1; size /= 2) {
                byte[] block = new byte[size];
                boolean room = true;
                while (room) {
                    try {
                        out.write(block);
                    } catch (IOException full) {
                        room = false;
                    }
                }
            }
        }
    }
}
