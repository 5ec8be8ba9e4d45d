package io.machineroom.chronicle;

import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a spool and a log with a file of each kind: two openings, several segments, voids, drops, marks, evidence, a
 * snapshot. {@link #main} packs them into a zip. What it packed once for a version is kept as a resource and never made
 * anew: see {@link FormatVersionTest}.
 */
final class GoldenStory {
    private GoldenStory() {}

    public static void main(String[] arguments) throws Exception {
        Path root = Files.createTempDirectory("golden");
        writeSpool(root.resolve("spool"));
        writeLog(root.resolve("log"));
        pack(root, Path.of(arguments[0]));
    }

    static SpoolProvider.Settings settings(Path directory) {
        SpoolBounds bounds =
                SpoolBounds.of(16 << 20, 1_000).with(Lane.BULK, LaneLimits.records(2, LaneLimits.Overflow.DROP_OLDEST));
        return new SpoolProvider.Settings(directory, bounds, 64 << 10, 1 << 20, SpoolProvider.Durability.EACH_BATCH);
    }

    static Spool open(Path directory) {
        return new ChronicleSpoolProvider().open(settings(directory), new RealTime(), new RealEntropy());
    }

    static EventLog openLog(Path directory) {
        return new ChronicleSpoolProvider()
                .openLog(
                        new SpoolProvider.LogSettings(directory, 64 << 10, 1 << 20), new RealTime(), new RealEntropy());
    }

    static Message message(String id, int bytes) {
        return new Message(
                Subject.of("choria.machine.x"),
                id,
                Map.of("Content-Type", "text/" + id),
                ByteBuffer.wrap(Arrays.copyOf(id.getBytes(StandardCharsets.US_ASCII), bytes)),
                Instant.parse("2026-02-03T04:05:06.789Z"));
    }

    static void writeSpool(Path directory) throws Exception {
        Epoch first;
        try (Spool spool = open(directory)) {
            first = spool.epoch();
            spool.source("other").close();
            spool.append(Lane.NORMAL, List.of(message("n1", 20), message("n2", 20), message("n3", 20)));
            spool.skip(Lane.NORMAL, 4, "lost");
            spool.append(Lane.NORMAL, List.of(message("spoiled", 20)));
            spool.append(Lane.URGENT, List.of(message("u1", 20)));
            for (int i = 1; i <= 40; i++) {
                spool.append(Lane.NORMAL, List.of(message("large" + i, 60_000)));
            }
        }
        ChronicleUnderTest.at(directory).damage("spoiled\0");
        try (Spool spool = open(directory);
                Source pump = spool.source("pump")) {
            for (int i = 1; i <= 4; i++) {
                spool.append(Lane.BULK, List.of(message("b" + i, 20)));
                spool.append(Lane.NEWEST, List.of(message("w" + i, 20)));
            }
            spool.append(Lane.NORMAL, List.of(message("again", 20)));
            List<Delivery> read = pump.read(100, 8 << 20, Duration.ZERO);
            if (read.size() < 40) {
                throw new IllegalStateException("read only " + read.size());
            }
            pump.commit(new DoneMark(first, Lane.NORMAL, 2, "s"));
            pump.commit(new DoneMark(spool.epoch(), Lane.BULK, 3, "s"));
        }
    }

    static void writeLog(Path directory) throws Exception {
        Epoch one = new Epoch("0".repeat(32), 1, "1".repeat(32));
        Epoch two = new Epoch("0".repeat(32), 2, "2".repeat(32));
        try (EventLog log = openLog(directory)) {
            log.append(List.of(entry(Stamp.message(one, null, Lane.NORMAL, 1), message("one", 20))));
            Message empty = new Message(Delivery.VOID_SUBJECT, "void", Map.of(), ByteBuffer.allocate(0), Instant.EPOCH);
            log.append(List.of(
                    entry(new Stamp(one, null, Lane.NORMAL, 2, 5, "lost"), empty),
                    entry(Stamp.message(two, new Stamp.EpochEnd(one, 5), Lane.URGENT, 1), message("two", 40_000))));
            log.saveSnapshot(2, new byte[] {4, 5, 6});
        }
        try (EventLog log = openLog(directory)) {
            log.append(List.of(entry(Stamp.message(two, null, Lane.BULK, 7), message("three", 20))));
        }
    }

    private static EventLog.Entry entry(Stamp stamp, Message message) {
        return new EventLog.Entry(
                "acme", "north", "n1.example.net", "UNODE", stamp, message, Instant.parse("2026-03-04T05:06:07Z"));
    }

    private static void pack(Path root, Path to) throws IOException {
        try (OutputStream file = Files.newOutputStream(to);
                ZipOutputStream out = new ZipOutputStream(file);
                var walk = Files.walk(root)) {
            out.setLevel(Deflater.BEST_COMPRESSION);
            for (Path path : walk.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new ZipEntry(root.relativize(path).toString()));
                Files.copy(path, out);
                out.closeEntry();
            }
        }
    }
}
