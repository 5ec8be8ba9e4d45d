package com.example.segment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A caller that is interrupted must not close files under everybody else, as it does with a plain FileChannel. */
final class SegmentInterruptTest {
    @TempDir
    private Path directory;

    @AfterEach
    void forgetTheInterrupt() {
        Thread.interrupted();
    }

    private static Message message(String id, int bytes) {
        return new Message(Subject.of("a.b"), id, Map.of(), ByteBuffer.allocate(bytes), Instant.EPOCH);
    }

    private static List<String> read(Source source) throws InterruptedException {
        Thread.interrupted();
        return source.read(100, 1 << 22, Duration.ZERO).stream()
                .map(d -> d.stamp().isVoid() ? "void" : d.message().id())
                .toList();
    }

    private static void interrupted(SegmentUnderTest.Work work) throws Exception {
        Thread.currentThread().interrupt();
        work.run();
        assertTrue(Thread.interrupted(), "the caller's interrupt is the caller's to see");
    }

    @Test
    void appendsCommitsAndTrimsForACallerThatIsInterrupted() throws Exception {
        SegmentUnderTest tested = new SegmentUnderTest(directory);
        Spool spool = tested.open(tested.settings());
        try (Source source = spool.source("pump")) {
            interrupted(() -> spool.append(Lane.NORMAL, List.of(message("first", 10))));
            spool.append(Lane.NORMAL, List.of(message("second", 10)));
            for (int i = 0; i < 30; i++) { // into other segments too
                String id = "large" + i;
                interrupted(() -> spool.append(Lane.NORMAL, List.of(message(id, 60_000))));
            }
            assertEquals("first", read(source).getFirst());
            interrupted(() -> source.commit(new DoneMark(spool.epoch(), Lane.NORMAL, 31, "s")));
            interrupted(spool::trim);
            interrupted(() -> spool.skip(Lane.NORMAL, 2, "lost"));
            spool.append(Lane.NORMAL, List.of(message("last", 10)));
        }
        tested.kill(spool);
        interrupted(() -> tested.open(tested.settings()).close());
        try (Spool again = tested.open(tested.settings());
                Source source = again.source("pump")) {
            assertEquals(List.of("large29", "void", "last"), read(source));
        }
        assertEquals(List.of(), tested.check());
    }

    /** While others append: their files are the same ones. */
    @Test
    void othersAppendOnWhileOneIsInterruptedAgainAndAgain() throws Exception {
        SegmentUnderTest tested = new SegmentUnderTest(directory);
        int each = 100;
        try (Spool spool = tested.open(tested.settings());
                Source source = spool.source("pump")) {
            Thread other = Thread.ofPlatform().start(() -> {
                try {
                    for (int i = 0; i < each; i++) {
                        spool.append(Lane.NORMAL, List.of(message("o" + i, 10)));
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            for (int i = 0; i < each; i++) {
                String id = "m" + i;
                interrupted(() -> spool.append(Lane.NORMAL, List.of(message(id, 10))));
            }
            other.join();
            List<Delivery> all = source.read(1_000, 1 << 22, Duration.ZERO);
            assertEquals(2 * each, all.size());
            assertTrue(all.stream().noneMatch(d -> d.stamp().isVoid()));
        }
    }
}
