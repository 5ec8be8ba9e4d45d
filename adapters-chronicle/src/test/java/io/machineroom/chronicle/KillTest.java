package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a JVM that appends, at moments drawn from a seed that is printed. */
final class KillTest {
    private static final int ROUNDS = 12;

    @TempDir
    private Path directory;

    @Test
    void losesNothingThatWasAcknowledgedWhenTheProcessIsKilled() throws Exception {
        long seed = Long.getLong("machineroom.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dmachineroom.seed=" + seed + ")");
        SplittableRandom random = new SplittableRandom(seed);
        Path spool = directory.resolve("spool");
        Set<String> expected = new HashSet<>();
        Set<String> seen = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            Process child = ChildJvm.start(directory, AppendingMain.class, spool.toString(), "r" + round);
            expected.addAll(killAfter(child, 1 + random.nextLong(600), spool));
            drainSome(spool, random.nextLong(5_000), seen);
            assertTrue(seen.containsAll(expected), "lost acknowledged records, seed " + seed);
        }
    }

    /** Kills the child after that many acknowledged records; all that it acknowledged until it was dead. */
    private static Set<String> killAfter(Process child, long wanted, Path spool) throws Exception {
        Set<String> acknowledged = new HashSet<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            assertNotNull(line, "the child said nothing");
            if (line.startsWith("r0.")) {
                refusesTheSecondProcess(spool, child.pid());
            }
            for (long count = 1; line != null; count++) {
                assertTrue(line.matches("r\\d+\\.\\d\\.\\d+"), line);
                acknowledged.add(line);
                if (count == wanted) {
                    child.toHandle().destroyForcibly();
                }
                line = lines.readLine();
            }
        }
        child.waitFor();
        return acknowledged;
    }

    private static void refusesTheSecondProcess(Path spool, long holder) {
        PortException.Refused told = assertThrows(PortException.Refused.class, () -> open(spool));
        assertEquals("spool.locked", told.code());
        assertTrue(told.getMessage().contains("process " + holder), told.getMessage());
    }

    private static Spool open(Path directory) {
        return new ChronicleSpoolProvider()
                .open(SpoolProvider.Settings.defaults(directory), new RealTime(), new RealEntropy());
    }

    /** Reads all, checks the order of each task and the numbers, and commits the first ones. */
    private static void drainSome(Path directory, long commits, Set<String> seen) throws InterruptedException {
        try (Spool spool = open(directory);
                Source source = spool.source("pump")) {
            Map<String, Long> last = new HashMap<>();
            Map<String, DoneMark> marks = new HashMap<>();
            long left = commits;
            List<Delivery> batch = source.read(500, 1 << 20, Duration.ZERO);
            while (!batch.isEmpty()) {
                for (Delivery delivery : batch) {
                    check(delivery, last);
                    seen.add(delivery.message().id());
                    Stamp stamp = delivery.stamp();
                    if (left-- > 0) {
                        marks.put(
                                stamp.epoch().nonce(), new DoneMark(stamp.epoch(), Lane.NORMAL, stamp.through(), "s"));
                    }
                }
                batch = source.read(500, 1 << 20, Duration.ZERO);
            }
            marks.values().forEach(source::commit);
            spool.trim();
            assertEquals(0, spool.stats().damagedRecords());
        }
    }

    private static void check(Delivery delivery, Map<String, Long> last) {
        String id = delivery.message().id();
        String task = id.substring(0, id.lastIndexOf('.'));
        long number = Long.parseLong(id.substring(task.length() + 1));
        assertTrue(number > last.getOrDefault(task, 0L), "order of " + task);
        last.put(task, number);
        Stamp stamp = delivery.stamp();
        String epoch = stamp.epoch().nonce();
        assertEquals(last.getOrDefault(epoch, stamp.from() - 1) + 1, stamp.from(), "numbers of an epoch");
        last.put(epoch, stamp.through());
    }
}
