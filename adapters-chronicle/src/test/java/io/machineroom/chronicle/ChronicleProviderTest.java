package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChronicleProviderTest {
    @TempDir
    private Path directory;

    private final AtomicReference<Duration> ticks = new AtomicReference<>(Duration.ofHours(5));

    private Spool open() {
        TimeSource time = new TimeSource() {
            @Override
            public Instant wall() {
                return Instant.EPOCH;
            }

            @Override
            public long ticks() {
                return ticks.get().toNanos();
            }
        };
        return new ChronicleSpoolProvider()
                .open(SpoolProvider.Settings.defaults(directory.resolve("spool")), time, new RealEntropy());
    }

    private void pass(Duration time) {
        ticks.updateAndGet(t -> t.plus(time));
    }

    private static Message message(String id) {
        return new Message(Subject.of("a"), id, Map.of(), ByteBuffer.allocate(10), Instant.EPOCH);
    }

    @Test
    void writesNothingWhileTheDiskCouldNotTakeItAndGoesOnAfterwards() throws Exception {
        AtomicLong free = new AtomicLong(64 << 20);
        SpoolProvider.Settings plain = SpoolProvider.Settings.defaults(directory.resolve("spool"));
        SpoolProvider.Settings settings = new SpoolProvider.Settings(
                plain.directory(),
                plain.maxBytes(),
                plain.maxRecords(),
                plain.maxMessageBytes(),
                0,
                plain.durability());
        try (Spool spool = new ChronicleSpoolProvider(free::get).open(settings, new RealTime(), new RealEntropy());
                Source source = spool.source("pump")) {
            spool.append(Lane.NORMAL, List.of(message("1")));
            free.set(4096);
            assertEquals(
                    "spool.disk",
                    assertThrows(
                                    PortException.Unavailable.class,
                                    () -> spool.append(Lane.NORMAL, List.of(message("2"))))
                            .code());
            free.set(64 << 20);
            spool.append(Lane.NORMAL, List.of(message("3")));
            assertEquals(
                    List.of("1", "3"),
                    source.read(10, 1000, Duration.ZERO).stream()
                            .map(delivery -> delivery.message().id())
                            .toList());
        }
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertEquals(
                List.of("chronicle"),
                ServiceLoader.load(SpoolProvider.class).stream()
                        .map(p -> p.get().name())
                        .toList());
    }

    @Test
    void countsAgesOnItsOwnClockAcrossRestarts() throws Exception {
        try (Spool spool = open();
                Source source = spool.source("pump")) {
            spool.append(Lane.NORMAL, List.of(message("1")));
            pass(Duration.ofSeconds(30));
            spool.append(Lane.NORMAL, List.of(message("2")));
            pass(Duration.ofSeconds(5));
            assertEquals(35, spool.stats().oldestAgeSeconds());
            source.commit(new DoneMark(spool.epoch(), Lane.NORMAL, 1, "s"));
            source.read(10, 1000, Duration.ZERO);
            assertEquals(5, spool.stats().oldestAgeSeconds());
        }
        ticks.set(Duration.ofSeconds(1));
        try (Spool spool = open()) {
            pass(Duration.ofSeconds(7));
            assertEquals(12, spool.stats().oldestAgeSeconds());
        }
    }

    @Test
    void letsNobodyElseIn() throws Exception {
        open().close();
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("spool"))));
    }

    @Test
    void refusesADirectoryThatLostItsNameOrItsEpochs() throws Exception {
        try (Spool spool = open()) {
            spool.append(Lane.NORMAL, List.of(message("1")));
        }
        for (String name : List.of("spool.epochs", "spool.id")) {
            Path file = directory.resolve("spool").resolve(name);
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            assertEquals(
                    "spool.damaged",
                    assertThrows(PortException.Corrupted.class, this::open).code(),
                    name);
            Files.write(file, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9});
            assertThrows(PortException.Corrupted.class, this::open, name);
            Files.write(file, bytes);
        }
        try (Spool spool = open();
                Source source = spool.source("pump")) {
            assertEquals(
                    "1", source.read(1, 1, Duration.ZERO).getFirst().message().id());
        }
    }

    @Test
    void refusesAHigherFormatVersionAndLeavesItsFilesAsTheyAre() throws Exception {
        try (Spool spool = open()) {
            spool.append(Lane.NORMAL, List.of(message("1")));
        }
        Path root = directory.resolve("spool");
        Path id = root.resolve("spool.id");
        String ours = Files.readString(id);
        Files.writeString(id, ours.replaceFirst(" 1\n", " 2\n"));
        DirectoryImage before = DirectoryImage.read(root, 4096, DirectoryImage.empty());
        var told = assertThrows(PortException.Corrupted.class, this::open);
        assertEquals("spool.version", told.code());
        assertTrue(told.getMessage().contains("has format version 2; this program reads 1"), told.getMessage());
        DirectoryImage after = DirectoryImage.read(root, 4096, before);
        assertEquals(before.names(), after.names());
        after.files().forEach((file, image) -> assertEquals(before.files().get(file), image, file.toString()));
        Files.writeString(id, ours);
        try (Spool spool = open()) {
            assertEquals(1, spool.stats().records());
        }
    }
}
