package com.example.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A power cut in an append of several records: the disk may have any of its pages, in any order. */
final class SegmentCutTest {
    private static final int SECTOR = 512;
    private static final int CUTS = 150;

    @TempDir
    private Path directory;

    private static Message message(String id) {
        byte[] body = new byte[900];
        new SplittableRandom(id.hashCode()).nextBytes(body);
        return new Message(Subject.of("a.b"), id, Map.of("k", "v"), ByteBuffer.wrap(body), Instant.EPOCH);
    }

    private static List<String> read(Spool spool) throws InterruptedException {
        try (Source source = spool.source("pump")) {
            List<Delivery> all = source.read(100, 1 << 22, Duration.ZERO);
            return all.stream()
                    .map(d -> d.stamp().cause().orElse(d.message().id()))
                    .toList();
        }
    }

    /** What the segment was before the append, and what the append made of it. */
    private record Append(SegmentUnderTest tested, Path file, byte[] before, byte[] after) {
        /** The disk kept this. */
        void opensAs(byte[] kept, String where) throws Exception {
            Files.write(file, kept);
            boolean whole = Arrays.equals(kept, after);
            List<String> there = whole ? List.of("whole", "one", "two", "three") : List.of("whole");
            Spool spool = tested.open(tested.settings());
            assertEquals(there, read(spool), where);
            assertEquals(0, spool.stats().damagedRecords(), where);
            spool.append(Lane.NORMAL, List.of(message("next")));
            tested.kill(spool);
            try (Spool again = tested.open(tested.settings())) {
                List<String> then = read(again);
                assertEquals(there.size() + 1, then.size(), where + " " + then);
                assertEquals("next", then.getLast(), where);
                assertEquals(0, again.stats().tornBytes(), where);
            }
            assertEquals(List.of(), tested.check(), where);
        }
    }

    /** The first is durable; in the append behind it the power goes. */
    private Append appended(String name) throws Exception {
        SegmentUnderTest tested = SegmentUnderTest.at(directory.resolve(name));
        Spool spool = tested.open(tested.settings());
        spool.append(Lane.NORMAL, List.of(message("whole")));
        Path file = tested.segments().getLast();
        byte[] before = Files.readAllBytes(file);
        spool.append(Lane.NORMAL, List.of(message("one"), message("two"), message("three")));
        byte[] after = Files.readAllBytes(file);
        tested.kill(spool);
        return new Append(tested, file, before, after);
    }

    @Test
    void neverDeliversTheBeginningOfAnAppendThatIsCutAnywhere() throws Exception {
        int length = appended("probe").after.length;
        int start = appended("probe2").before.length;
        for (int end = start; end <= length; end += end + 61 < length ? 61 : Math.max(1, length - end)) {
            Append append = appended("cut" + end);
            append.opensAs(Arrays.copyOf(append.after, end), "cut at " + end + " of " + length);
        }
    }

    @Test
    void neverDeliversAPartOfAnAppendOfWhichThePagesCameInAnyOrder() throws Exception {
        long seed = Long.getLong("machineroom.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        int torn = 0;
        for (int cut = 0; cut < CUTS; cut++) {
            Append append = appended("pages" + cut);
            byte[] kept = append.after.clone();
            int sector = append.before.length / SECTOR * SECTOR;
            for (int at = sector; at < kept.length; at += SECTOR) {
                if (random.nextInt(3) == 0) { // this sector is as it was: zeros behind what was there
                    for (int i = Math.max(at, append.before.length); i < Math.min(at + SECTOR, kept.length); i++) {
                        kept[i] = 0;
                    }
                }
            }
            torn += Arrays.equals(kept, append.after) ? 0 : 1;
            append.opensAs(kept, "cut " + cut + ", seed " + seed);
        }
        assertTrue(torn > CUTS / 2, "it tore " + torn);
    }
}
