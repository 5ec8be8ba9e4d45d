package io.machineroom.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.sim.CrashSubsets;
import io.machineroom.ports.sim.CrashTally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cuts the power of a checkpoint at every sync, on copies of the real file of which any subset of the sectors of 512 bytes
 * is kept. {@code -Dmachineroom.seed=S -Dmachineroom.cut=checkpoint:N} repeats one cut.
 */
final class CheckpointCrashTest {
    private static final int SLOT = 4096;
    private static final int STATES = 40;
    private static final int DRAWN = 60;
    private static final int CUTS = 600;

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("machineroom.seed", 1L);
    private final String only = System.getProperty("machineroom.cut", "");
    private final CrashTally tally = new CrashTally("checkpoint", seed);
    private final AtomicReference<Known> known = new AtomicReference<>(new Known(0, 0));

    private record Known(int accepted, int begun) {}

    private interface Writing {
        void write(CheckpointFile file, Path path, byte[] state) throws IOException;
    }

    /** Lengths differ, so that a longer state lies below a shorter one. */
    private static byte[] state(int number) {
        byte[] out = new byte[number % 3 == 0 ? 40 : 300 * (1 + number % 11)];
        Arrays.fill(out, (byte) number);
        return out;
    }

    private DirectoryRecorder<Known> tell(Writing writing) throws IOException {
        Path root = Files.createDirectory(directory.resolve("original"));
        DirectoryRecorder<Known> recorder = new DirectoryRecorder<>(root, 512, known::get);
        Path path = root.resolve("mark");
        Disk disk = new Disk("spool", () -> 1L << 40, recorder);
        for (int opening = 0; opening < 2; opening++) {
            try (CheckpointFile file = new CheckpointFile(disk, path, SLOT)) {
                file.read();
                for (int i = 1; i <= STATES / 2; i++) {
                    int number = opening * STATES / 2 + i;
                    known.set(new Known(number - 1, number));
                    writing.write(file, path, state(number));
                    known.set(new Known(number, number));
                    recorder.look("after state " + number);
                }
            }
        }
        return recorder;
    }

    private void cutEverywhere(DirectoryRecorder<Known> recorder) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        int number = 0;
        for (DirectoryRecorder.Moment<Known> moment : recorder.moments()) {
            for (BitSet kept : CrashSubsets.of(moment.cut().pending(), DRAWN, random)) {
                number++;
                if (only.isEmpty() || only.equals("checkpoint:" + number)) {
                    cut(moment, kept, number);
                }
            }
        }
        System.out.println(tally + ", seed " + seed);
    }

    private void cut(DirectoryRecorder.Moment<Known> moment, BitSet kept, int number) throws IOException {
        Path copy = directory.resolve("cut" + number);
        moment.cut().write(kept, copy);
        long begin = System.nanoTime();
        try (CheckpointFile file = new CheckpointFile(Disk.of("spool", copy), copy.resolve("mark"), SLOT)) {
            Optional<byte[]> found = file.read();
            tally.took(System.nanoTime() - begin);
            tally.cut();
            int accepted = moment.known().accepted();
            boolean fits = found.map(bytes -> Arrays.equals(bytes, state(accepted))
                            || Arrays.equals(bytes, state(moment.known().begun())))
                    .orElse(accepted == 0);
            assertTrue(
                    fits,
                    () -> "cut " + number + ", " + moment.where() + ", keeping "
                            + moment.cut().describe(kept) + ": " + found.map(Arrays::hashCode) + " is not of "
                            + moment.known() + " (repeat with -Dmachineroom.seed=" + seed
                            + " -Dmachineroom.cut=checkpoint:" + number + ")");
            file.write(state(99));
            assertEquals(99, file.read().orElseThrow()[0], "what is written behind the cut");
        }
        try (var files = Files.walk(copy)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void holdsTheStateBeforeOrTheOneBehindAtEveryCut() throws IOException {
        cutEverywhere(tell((file, path, state) -> file.write(state)));
        tally.atLeast(CUTS);
    }

    @Test
    void catchesAStateThatIsWrittenOverTheOneBefore() throws IOException {
        DirectoryRecorder<Known> recorder = tell((file, path, state) -> {
            file.write(state);
            Files.write(path, new byte[2 * SLOT]); // both slots go, and one comes back
            file.write(state);
        });
        assertThrows(AssertionError.class, () -> cutEverywhere(recorder));
    }

    @Test
    void catchesAStateThatIsAcknowledgedWithoutASync() throws IOException {
        DirectoryRecorder<Known> recorder = tell((file, path, state) -> {
            Path other = path.resolveSibling("other");
            try (CheckpointFile aside = new CheckpointFile(Disk.of("spool", path), other, SLOT)) {
                aside.read();
                aside.write(state);
            }
            Files.copy(other, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        });
        assertThrows(AssertionError.class, () -> cutEverywhere(recorder));
    }
}
