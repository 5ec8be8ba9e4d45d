package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the files: no crash, no loop, no gap, and what is lost is said to be lost. */
final class DamageTest {
    private static final int EPOCHS = 3;
    private static final int EACH = 150;

    @TempDir
    private Path directory;

    private ChronicleUnderTest tested;

    @BeforeEach
    void begin() {
        tested = new ChronicleUnderTest(directory);
    }

    private Spool open() {
        return tested.open(new SpoolProvider.Settings(
                tested.settings().directory(),
                16 << 20,
                100_000,
                64 << 10,
                0,
                SpoolProvider.Durability.OPERATING_SYSTEM));
    }

    private void fill() throws InterruptedException {
        for (int epoch = 1; epoch <= EPOCHS; epoch++) {
            try (Spool spool = open()) {
                for (int i = 1; i <= EACH; i++) {
                    spool.append(Lane.NORMAL, List.of(message(epoch + "." + i)));
                }
            }
        }
    }

    private static Message message(String id) {
        byte[] body = new byte[8 << 10];
        return new Message(Subject.of("a.b"), id, Map.of(), ByteBuffer.wrap(body), Instant.EPOCH);
    }

    private static List<Delivery> readAll(Source source) throws InterruptedException {
        List<Delivery> all = new ArrayList<>();
        List<Delivery> batch = source.read(10_000, 1L << 30, Duration.ZERO);
        while (!batch.isEmpty()) {
            all.addAll(batch);
            batch = source.read(10_000, 1L << 30, Duration.ZERO);
        }
        return all;
    }

    /** Every number of every epoch comes exactly once, as itself or in a void; then all can be committed. */
    private int assertComplete(String what) throws InterruptedException {
        int lost = 0;
        try (Spool spool = open();
                Source source = spool.source("pump")) {
            List<Delivery> all = readAll(source);
            Map<Long, Long> last = new TreeMap<>();
            for (Delivery delivery : all) {
                Stamp stamp = delivery.stamp();
                long ordinal = stamp.epoch().ordinal();
                assertEquals(last.getOrDefault(ordinal, 0L) + 1, stamp.from(), what);
                last.put(ordinal, stamp.through());
                if (stamp.isVoid()) {
                    lost += (int) (stamp.through() - stamp.from() + 1);
                    assertEquals("damaged", stamp.voidCause(), what);
                } else {
                    assertEquals(
                            ordinal + "." + stamp.from(), delivery.message().id(), what);
                }
                source.commit(new DoneMark(stamp.epoch(), stamp.lane(), stamp.through(), "s"));
            }
            assertEquals(0, source.waiting(), what);
            assertEquals(0, spool.stats().records(), what);
            for (long epoch = 1; epoch < EPOCHS; epoch++) {
                assertEquals(EACH, last.get(epoch), what);
            }
            assertEquals(
                    1,
                    spool.append(Lane.NORMAL, List.of(message("new")))
                            .getFirst()
                            .from());
            assertEquals("new", readAll(source).getLast().message().id(), what);
        }
        return lost;
    }

    @Test
    void replacesAMissingSegmentByVoids() throws Exception {
        fill();
        List<Path> segments = ChronicleUnderTest.segments(tested.directory().resolve("normal"));
        assertTrue(segments.size() > 2, segments + " should be more");
        try (Spool spool = open();
                Source source = spool.source("pump")) {
            assertEquals(EPOCHS * EACH, source.waiting());
        }
        Files.delete(segments.get(1));
        assertTrue(assertComplete("a missing segment") > 0);
    }

    @Test
    void goesOnBehindALengthThatLies() throws Exception {
        for (int lie : new int[] {0x80000010, 0x3FFFFFFF, 0x00000008, 0}) {
            tested = new ChronicleUnderTest(directory.resolve("lie" + Integer.toHexString(lie)));
            fill();
            Path segment = ChronicleUnderTest.segments(tested.directory().resolve("normal"))
                    .getFirst();
            byte[] bytes = Files.readAllBytes(segment);
            long at = documentStart(bytes, 20);
            ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).putInt((int) at, lie);
            Files.write(segment, bytes);
            assertTrue(assertComplete("length " + Integer.toHexString(lie)) > 0);
        }
    }

    /** Where the n-th record of a segment starts. */
    private static long documentStart(byte[] bytes, int number) {
        ByteBuffer from = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        long position = 0;
        int left = number;
        while (true) {
            int header = from.getInt((int) position);
            if ((header & SegmentScan.META) == 0 && left-- == 0) {
                return position;
            }
            position = SegmentScan.next(position, header);
        }
    }

    @Test
    void survivesBytesThatFlipAnywhereInTheRecords() throws Exception {
        long seed = Long.getLong("machineroom.seed", 7L);
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 6; round++) {
            tested = new ChronicleUnderTest(directory.resolve("round" + round));
            fill();
            List<Path> segments = ChronicleUnderTest.segments(tested.directory().resolve("normal"));
            Path segment = segments.get(random.nextInt(segments.size() - 1));
            byte[] bytes = Files.readAllBytes(segment);
            int start = (int) documentStart(bytes, 0);
            int end = (int) SegmentScan.of(segment, false).end();
            for (int flip = 0; flip < 3; flip++) {
                bytes[start + random.nextInt(end - start)] ^= (byte) (1 << random.nextInt(8));
            }
            Files.write(segment, bytes);
            assertTrue(assertComplete("seed " + seed + ", round " + round) > 0);
        }
    }

    @Test
    void keepsAPrefixWhenTheTailIsLostAnywhere() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        for (int round = 0; round < 5; round++) {
            tested = new ChronicleUnderTest(directory.resolve("tail" + round));
            Spool killed = open();
            for (int i = 1; i <= 40; i++) {
                killed.append(Lane.NORMAL, List.of(message("1." + i)));
            }
            tested.kill(killed);
            Path segment = ChronicleUnderTest.lastSegment(tested.directory().resolve("normal"));
            byte[] bytes = Files.readAllBytes(segment);
            int start = (int) documentStart(bytes, 0);
            int end = (int) SegmentScan.of(segment, true).end();
            int hole = start + random.nextInt(end - start);
            java.util.Arrays.fill(bytes, hole & ~4095, Math.min(bytes.length, (hole & ~4095) + 4096), (byte) 0);
            Files.write(segment, bytes);
            long before = System.nanoTime();
            try (Spool spool = open();
                    Source source = spool.source("pump")) {
                long next = spool.append(Lane.NORMAL, List.of(message("new")))
                        .getFirst()
                        .from();
                // the library itself would wait 10 s
                assertTrue(System.nanoTime() - before < Duration.ofSeconds(9).toNanos(), "waited for a torn header");
                assertEquals(1, next);
                List<Delivery> all = readAll(source);
                for (int i = 0; i < all.size() - 1; i++) {
                    assertTrue(all.get(i).stamp().isVoid()
                            || all.get(i).message().id().startsWith("1."));
                    assertEquals(
                            i == 0 ? 1 : all.get(i - 1).stamp().through() + 1,
                            all.get(i).stamp().from());
                }
                assertEquals("new", all.getLast().message().id());
            }
        }
    }
}
