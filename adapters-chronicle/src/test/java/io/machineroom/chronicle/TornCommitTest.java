package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import io.machineroom.ports.stream.Subject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One append that takes several excerpts, of which a power cut tore the first and kept the others: the disk writes pages
 * in any order. Found by {@link SpoolCrashTest}, which then saw half of the append delivered and the rest as damage.
 */
final class TornCommitTest {
    private static final int BYTES = 40 << 10;
    private static final int MANY = 20;

    @TempDir
    private Path directory;

    private ChronicleUnderTest tested;

    private static Message message(String id) {
        byte[] body = Arrays.copyOf((id + " begins").getBytes(StandardCharsets.UTF_8), BYTES);
        Arrays.fill(body, 100, BYTES, (byte) 'x');
        return new Message(Subject.of("a.b"), id, Map.of(), ByteBuffer.wrap(body), Instant.EPOCH);
    }

    private static List<Message> many() {
        List<Message> out = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            out.add(message("many" + i));
        }
        return out;
    }

    /** Takes a page out of the middle of a message. */
    private void tear(String id) throws IOException {
        Path file = ChronicleUnderTest.lastSegment(tested.directory().resolve("normal"));
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(id + " begins");
        int page = (at / 4096 + 2) * 4096;
        Arrays.fill(bytes, page, page + 4096, (byte) 0);
        Files.write(file, bytes);
    }

    private List<String> reopened(long damaged) throws InterruptedException {
        try (Spool spool = tested.open(tested.settings());
                Source source = spool.source("pump")) {
            List<String> got = new ArrayList<>();
            List<Delivery> batch = source.read(1_000, 64 << 20, Duration.ZERO);
            while (!batch.isEmpty()) {
                batch.forEach(d -> got.add(
                        d.stamp().isVoid() ? d.stamp().voidCause() : d.message().id()));
                batch = source.read(1_000, 64 << 20, Duration.ZERO);
            }
            assertEquals(damaged, spool.stats().damagedRecords());
            return got;
        }
    }

    private void tearLastAppend() throws Exception {
        tested = new ChronicleUnderTest(directory);
        Spool spool = tested.open(tested.settings());
        spool.append(Lane.NORMAL, List.of(message("before")));
        spool.append(Lane.NORMAL, many());
        tested.kill(spool);
        tear("many1");
    }

    @Test
    void anAppendThatWasTornInItsFirstExcerptNeverHappened() throws Exception {
        tearLastAppend();
        ChronicleUnderTest.reboot(tested.directory());
        assertEquals(List.of("before"), reopened(0));
    }

    /** Without a power cut no page gets lost: what is wrong is damage, and what is whole stays. */
    @Test
    void anAppendOfAKilledProcessLosesNoMoreThanWhatIsDamaged() throws Exception {
        tearLastAppend();
        List<String> expected = new ArrayList<>(List.of("before"));
        expected.addAll(many().stream().map(Message::id).toList());
        expected.set(2, "damaged");
        assertEquals(expected, reopened(1));
    }

    /** Otherwise the next segment may reach the disk alone, and nobody looks behind it. */
    @Test
    void aSegmentIsSyncedBeforeTheNextOneBegins() throws Exception {
        Path lane = directory.resolve("spool").resolve("normal");
        List<Integer> segmentsAtSyncs = new ArrayList<>();
        SpoolProvider provider = ChronicleSpoolProvider.watched((synced, _, _) -> {
            if (synced.getFileName().toString().equals(Segments.name(1))) {
                segmentsAtSyncs.add(ChronicleUnderTest.segments(lane).size());
            }
        });
        tested = new ChronicleUnderTest(directory);
        try (Spool spool = provider.open(tested.settings(), new RealTime(), new RealEntropy())) {
            spool.append(Lane.NORMAL, many().subList(0, MANY / 2));
            segmentsAtSyncs.clear();
            spool.append(Lane.NORMAL, many());
        }
        assertEquals(List.of(1, 2), segmentsAtSyncs, "the second for the mark that the library puts at the end");
    }

    @Test
    void damageBeforeALaterAppendIsDamageAndTakesNothingElse() throws Exception {
        tested = new ChronicleUnderTest(directory);
        Spool spool = tested.open(tested.settings());
        spool.append(Lane.NORMAL, many());
        spool.append(Lane.NORMAL, List.of(message("behind")));
        tested.kill(spool);
        tear("many1");
        ChronicleUnderTest.reboot(tested.directory());
        List<String> expected = new ArrayList<>(many().stream().map(Message::id).toList());
        expected.set(1, "damaged");
        expected.add("behind");
        assertEquals(expected, reopened(1));
    }
}
