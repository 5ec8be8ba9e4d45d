package com.example.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.ShiftedTime;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Source;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills a JVM that appends, at moments drawn from a seed that is printed. */
final class SegmentKillTest {
    private static final int ROUNDS = 8;

    @TempDir
    private Path directory;

    @Test
    @Timeout(120)
    void losesNothingThatWasAcknowledgedWhenTheProcessIsKilled() throws Exception {
        long seed = Long.getLong("machineroom.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dmachineroom.seed=" + seed + ")");
        SplittableRandom random = new SplittableRandom(seed);
        Set<String> acknowledged = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            acknowledged.addAll(killAfter(1 + random.nextInt(500), "r" + round));
        }
        try (Spool spool = open();
                Source source = spool.source("pump")) {
            Set<String> got = new HashSet<>();
            List<Delivery> batch = source.read(1_000, 1 << 22, Duration.ZERO);
            while (!batch.isEmpty()) {
                for (Delivery delivery : batch) {
                    assertTrue(!delivery.stamp().isVoid(), delivery.stamp() + ", seed " + seed);
                    assertTrue(
                            got.add(delivery.message().id()),
                            "twice: " + delivery.message().id());
                }
                batch = source.read(1_000, 1 << 22, Duration.ZERO);
            }
            assertTrue(got.containsAll(acknowledged), "lost acknowledged records, seed " + seed);
        }
    }

    private Spool open() {
        return new SegmentSpoolProvider()
                .open(
                        SpoolProvider.Settings.defaults(directory.resolve("spool")),
                        new ShiftedTime(),
                        new RealEntropy());
    }

    /** What a process acknowledged until it was dead. */
    private Set<String> killAfter(int wanted, String round) throws IOException, InterruptedException {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingMain.class.getName(),
                        directory.resolve("spool").toString(),
                        round)
                .redirectError(directory.resolve("child.err").toFile())
                .start();
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader lines = child.inputReader(StandardCharsets.UTF_8)) {
            String line = lines.readLine();
            assertTrue(line != null, "the child said nothing; see " + directory.resolve("child.err"));
            PortException.Refused told = assertThrows(PortException.Refused.class, this::open);
            assertEquals("spool.locked", told.code());
            assertTrue(String.valueOf(told.getMessage()).contains("process " + child.pid()), told.getMessage());
            while (line != null) {
                acknowledged.add(line);
                if (acknowledged.size() == wanted) {
                    child.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        }
        child.waitFor();
        return acknowledged;
    }
}
