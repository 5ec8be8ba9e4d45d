package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.sim.CrashSubsets;
import io.machineroom.ports.sim.CrashTally;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider.Durability;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the power of a spool at every sync, on copies of the real files: of the pages of 4 KiB, lengths and names that were
 * not synced any subset is kept. After each fifth cut the power fails again at every moment of the opening. {@code -Dmachineroom.seed=S -Dmachineroom.cut=spool:N} repeats one cut.
 */
final class SpoolCrashTest {
    private static final int CUTS = 500;
    private static final int DRAWN = 2;
    private static final int AT_ONCE = 4;
    private static final int AGAIN = 5;

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("machineroom.seed", 1L);
    private final String only = System.getProperty("machineroom.cut", "");
    private final CrashTally tally = new CrashTally("spool", seed);
    private volatile boolean failed;

    @Test
    @Timeout(900)
    void deliversWhatWasAcceptedAfterFiveHundredCutsOfRealFiles() throws Exception {
        cutEverywhere(Durability.EACH_BATCH);
        System.out.println(tally + ", seed " + seed);
        tally.atLeast(CUTS);
    }

    @Test
    @Timeout(900)
    void catchesASpoolThatDoesNotSync() {
        AssertionError caught = assertThrows(AssertionError.class, () -> cutEverywhere(Durability.OPERATING_SYSTEM));
        assertTrue(caught.getMessage().contains("-Dmachineroom.cut=spool:"), caught.getMessage());
    }

    private void cutEverywhere(Durability durability) throws Exception {
        Path root = Files.createDirectory(directory.resolve("original"));
        SpoolStory story = new SpoolStory(root, durability);
        SplittableRandom random = new SplittableRandom(seed);
        List<Future<?>> results = new ArrayList<>();
        int number = 0;
        try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
            for (DirectoryRecorder.Moment<SpoolStory.Known> moment : story.tell(seed)) {
                for (BitSet kept : subsets(moment.cut().pending(), random)) {
                    int cut = ++number;
                    if (only.isEmpty() || only.equals("spool:" + cut)) {
                        results.add(workers.submit(() -> cut(story, moment, kept, cut)));
                    }
                }
            }
        }
        for (Future<?> result : results) {
            if (result.state() == Future.State.FAILED) {
                throw new AssertionError(result.exceptionNow().getMessage(), result.exceptionNow());
            }
        }
    }

    /** All, none and some drawn: single ones of hundreds of pages tell little. */
    private static List<BitSet> subsets(int changes, SplittableRandom random) {
        if (changes <= 2) {
            return CrashSubsets.of(changes, 0, random);
        }
        List<BitSet> out = new ArrayList<>(List.of(new BitSet(), new BitSet()));
        out.getLast().set(0, changes);
        for (int i = 0; i < DRAWN; i++) {
            BitSet some = new BitSet();
            double share = random.nextDouble();
            for (int at = 0; at < changes; at++) {
                some.set(at, random.nextDouble() < share);
            }
            out.add(some);
        }
        return out;
    }

    private Void cut(SpoolStory story, DirectoryRecorder.Moment<SpoolStory.Known> moment, BitSet kept, int number)
            throws Exception {
        if (failed) {
            return null;
        }
        Path copy = directory.resolve("cut" + number);
        moment.cut().write(kept, copy);
        BitSet lost = new BitSet();
        lost.set(0, moment.cut().pending());
        lost.andNot(kept);
        String what =
                "cut " + number + ", " + moment.where() + ", of " + moment.cut().pending()
                        + " changes without " + moment.cut().describe(lost) + " (repeat with -Dmachineroom.seed=" + seed
                        + " -Dmachineroom.cut=spool:" + number + ")";
        Path spool = copy.resolve("spool");
        try {
            ChronicleUnderTest.reboot(spool);
            if (number % AGAIN == 0) {
                cutAgain(copy, story, moment.known(), number);
            }
            holds(spool, story, moment.known());
        } catch (Exception | AssertionError e) {
            failed = true;
            throw new AssertionError(what + ": " + e, e);
        }
        tally.cut();
        delete(copy);
        return null;
    }

    /** The power fails again at every step of the opening, and whenever the opening is through. */
    private void cutAgain(Path cut, SpoolStory story, SpoolStory.Known known, int number) throws Exception {
        Path opened = directory.resolve("opened" + number);
        copy(cut, opened);
        AtomicReference<SpoolStory.Known> now = new AtomicReference<>(known);
        DirectoryRecorder<SpoolStory.Known> recorder = DirectoryRecorder.over(opened, 4096, now::get);
        List<DirectoryRecorder.Moment<SpoolStory.Known>> moments;
        try (Spool spool = ChronicleSpoolProvider.watched(recorder)
                .open(
                        SpoolStory.settings(opened.resolve("spool"), Durability.EACH_BATCH),
                        new RealTime(),
                        new RealEntropy())) {
            now.set(new SpoolStory.Known(known.lanes(), spool.epoch().ordinal()));
            recorder.look("after the opening");
            moments = recorder.moments();
        }
        delete(opened);
        SplittableRandom random = new SplittableRandom(seed + number);
        for (DirectoryRecorder.Moment<SpoolStory.Known> moment : moments) {
            List<BitSet> subsets = subsets(moment.cut().pending(), random);
            BitSet kept =
                    subsets.get(random.nextInt(subsets.size())); // one a step: a hundred openings have some thousand
            Path copy = directory.resolve("again" + number);
            moment.cut().write(kept, copy);
            try {
                ChronicleUnderTest.reboot(copy.resolve("spool"));
                holds(copy.resolve("spool"), story, moment.known());
            } catch (Exception | AssertionError e) {
                throw new AssertionError(
                        "and in its recovery " + moment.where() + ", keeping "
                                + moment.cut().describe(kept) + ": " + e,
                        e);
            }
            tally.again();
            delete(copy);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void delete(Path root) throws IOException {
        try (var files = Files.walk(root)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private void holds(Path at, SpoolStory story, SpoolStory.Known known) throws Exception {
        long begin = System.nanoTime();
        try (Spool spool = new ChronicleSpoolProvider()
                        .open(SpoolStory.settings(at, Durability.EACH_BATCH), new RealTime(), new RealEntropy());
                Source source = spool.source("pump")) {
            tally.took(System.nanoTime() - begin);
            assertTrue(spool.epoch().ordinal() > known.ordinal(), "an epoch is given twice");
            List<Delivery> all = readAll(source);
            for (Lane lane : Lane.values()) {
                List<Delivery> of =
                        all.stream().filter(d -> d.stamp().lane() == lane).toList();
                if (lane == Lane.NEWEST) {
                    assertEquals(List.of(), of);
                } else {
                    compare(lane, of, story.records(lane), known.of(lane));
                }
            }
            assertEquals(0, spool.stats().damagedRecords(), "damaged");
            Message after =
                    SpoolStory.message(Lane.NORMAL, story.records(Lane.NORMAL).getFirst());
            spool.append(Lane.NORMAL, List.of(after));
            List<Delivery> more = readAll(source);
            assertEquals(1, more.size(), "what comes after the cut");
            assertEquals(spool.epoch(), more.getFirst().stamp().epoch());
        }
    }

    private static List<Delivery> readAll(Source source) throws InterruptedException {
        List<Delivery> all = new ArrayList<>();
        List<Delivery> batch = source.read(1_000, 64 << 20, Duration.ZERO);
        while (!batch.isEmpty()) {
            all.addAll(batch);
            batch = source.read(1_000, 64 << 20, Duration.ZERO);
        }
        return all;
    }

    /** Everything that was accepted and not committed, in order, each as it was; of an append on its way all or nothing. */
    private static void compare(
            Lane lane, List<Delivery> got, List<SpoolStory.Record> records, SpoolStory.Counts counts) {
        int last = counts.accepted();
        if (!got.isEmpty()
                && got.getLast()
                        .message()
                        .id()
                        .equals(records.get(counts.begun() - 1).id(lane))) {
            last = counts.begun();
        }
        int first = last - got.size();
        assertTrue(
                first == counts.committed() || first == counts.committing(),
                () -> "lane " + lane + " delivers " + got.size() + " records; " + counts);
        for (int i = first; i < last; i++) {
            SpoolStory.Record record = records.get(i);
            Delivery delivery = got.get(i - first);
            assertEquals(record.id(lane), delivery.message().id());
            assertEquals(record.ordinal, delivery.stamp().epoch().ordinal());
            assertEquals(record.stamp, delivery.stamp().from());
            ByteBuffer body = SpoolStory.message(lane, record).body();
            assertEquals(body, delivery.message().body(), record.id(lane));
        }
    }
}
