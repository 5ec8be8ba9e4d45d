package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the power: an appending process is stopped in the middle of its work, the image under its file system is copied as
 * it is, and the copy is mounted. What was acknowledged is in the copy.
 */
final class PowerCutTest {
    private static final int CUTS = 30;

    @TempDir
    private Path directory;

    @Test
    @Timeout(300)
    void losesNothingThatWasAcknowledgedInThirtyPowerCuts() throws Exception {
        long seed = Long.getLong("machineroom.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dmachineroom.seed=" + seed + ")");
        SplittableRandom random = new SplittableRandom(seed);
        try (LoopDisk disk = LoopDisk.make(directory, "disk", 192)) {
            Process child = ChildJvm.start(
                    directory,
                    AppendingMain.class,
                    disk.directory().resolve("spool").toString(),
                    "p");
            try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
                Set<String> acknowledged = new HashSet<>();
                for (int cut = 1; cut <= CUTS; cut++) {
                    acknowledge(lines, acknowledged, 1 + random.nextInt(400));
                    assertTrue(LoopDisk.run("kill", "-STOP", Long.toString(child.pid())));
                    while (lines.ready()) {
                        acknowledge(lines, acknowledged, 1);
                    }
                    try (LoopDisk after = disk.cut(directory, "cut" + cut)) {
                        holds(after.directory().resolve("spool"), acknowledged, "cut " + cut + ", seed " + seed);
                    }
                    assertTrue(LoopDisk.run("kill", "-CONT", Long.toString(child.pid())));
                }
                System.out.println(CUTS + " power cuts, " + acknowledged.size() + " records, none lost");
            } finally {
                child.destroyForcibly().waitFor();
            }
        }
    }

    private static void acknowledge(BufferedReader lines, Set<String> acknowledged, int count) throws IOException {
        for (int i = 0; i < count; i++) {
            String line = lines.readLine();
            assertTrue(line != null && line.startsWith("p."), "the child said " + line);
            acknowledged.add(line);
        }
    }

    private static void holds(Path spoolDirectory, Set<String> acknowledged, String what) throws Exception {
        Files.delete(spoolDirectory.resolve("spool.state")); // it names the boot, which was another one
        try (Spool spool = open(spoolDirectory);
                Source source = spool.source("check")) {
            Set<String> got = new HashSet<>();
            List<Delivery> batch = source.read(1_000, 4 << 20, Duration.ZERO);
            while (!batch.isEmpty()) {
                batch.forEach(d -> got.add(d.message().id()));
                batch = source.read(1_000, 4 << 20, Duration.ZERO);
            }
            Set<String> lost = new HashSet<>(acknowledged);
            lost.removeAll(got);
            assertEquals(Set.of(), lost, what);
            assertEquals(0, spool.stats().damagedRecords(), what);
            spool.append(
                    Lane.NORMAL,
                    List.of(new Message(Subject.of("a.b"), "after", Map.of(), ByteBuffer.allocate(0), Instant.EPOCH)));
            assertEquals(
                    "after",
                    source.read(1, 1, Duration.ZERO).getFirst().message().id(),
                    what);
        }
    }

    private static Spool open(Path at) {
        SpoolProvider.Settings settings = new SpoolProvider.Settings(
                at, 64 << 20, 1_000_000, 64 << 10, 1 << 20, SpoolProvider.Durability.EACH_BATCH);
        return new ChronicleSpoolProvider().open(settings, new RealTime(), new RealEntropy());
    }
}
