package io.machineroom.ports.sim;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.host.FileTree;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rig that cuts the power at every step, and the stores it has to catch. */
final class CrashPointsTest {
    private static final Path ROOT = Path.of("/data");

    private final SimTasks tasks = new SimTasks(1);
    private final SimDisk disk = new SimDisk(tasks.time(), 1);
    private final SimFiles files = new SimFiles(disk, ROOT);

    private CrashPoints points(String name) {
        return new CrashPoints(name, disk, tasks.time(), 20);
    }

    private SimFiles on(SimDisk after) {
        return new SimFiles(after, ROOT);
    }

    private static byte[] content(String state) {
        return state.repeat(400).getBytes(UTF_8);
    }

    private String read(SimDisk after) {
        String all = on(after).read("f", 10_000).map(b -> new String(b, UTF_8)).orElse("none");
        return List.of("one", "two").stream()
                .filter(s -> all.equals(s.repeat(400)))
                .findFirst()
                .orElse(all);
    }

    private void inPlace(String state) {
        try (FileTree.Writer writer = files.write("f", 0600)) {
            writer.write(content(state), 0, content(state).length);
        }
        files.sync("");
    }

    @Test
    void aFileThatIsReplacedIsOldOrNewAtEveryCut() throws Exception {
        CrashPoints points = points("replace").begins("none");
        points.change("one", () -> files.replace("f", content("one"), 0600));
        points.change("two", () -> files.replace("f", content("two"), 0600));
        points.cut(this::read).atLeast(25);
    }

    @Test
    void catchesAFileThatIsWrittenInPlace() throws Exception {
        CrashPoints points = points("in-place").begins("none");
        points.change("one", () -> inPlace("one"));
        AssertionError caught = assertThrows(AssertionError.class, () -> points.cut(this::read));
        assertTrue(caught.getMessage().contains("-Dmachineroom.cut=in-place:"), caught.getMessage());
    }

    @Test
    void catchesARenameWithoutASync() throws Exception {
        CrashPoints points = points("no-sync").begins("none");
        points.change("one", () -> {
            disk.write(ROOT.resolve("f.tmp"), content("one"), 0600);
            disk.sync(ROOT.resolve("f.tmp"));
            disk.rename(ROOT.resolve("f.tmp"), ROOT.resolve("f"));
        });
        AssertionError caught = assertThrows(AssertionError.class, () -> points.cut(this::read));
        assertTrue(caught.getMessage().contains("is none, not one of [one]"), caught.getMessage());
    }

    @Test
    void catchesAContentThatIsSyncedBehindItsName() throws Exception {
        CrashPoints points = points("name-first").begins("none");
        points.change("one", () -> {
            disk.write(ROOT.resolve("f.tmp"), content("one"), 0600);
            disk.rename(ROOT.resolve("f.tmp"), ROOT.resolve("f"));
            disk.sync(ROOT.resolve("f"));
            disk.sync(ROOT);
        });
        assertThrows(AssertionError.class, () -> points.cut(this::read));
    }

    @Test
    void catchesARecoveryThatWritesInPlace() throws Exception {
        CrashPoints points = points("recovery").begins("none");
        points.change("one", () -> files.replace("f", content("one"), 0600));
        AssertionError caught = assertThrows(
                AssertionError.class,
                () -> points.cut(after -> {
                    String found = read(after);
                    after.write(ROOT.resolve("f"), new byte[0], 0600);
                    after.write(ROOT.resolve("f"), content(found), 0600);
                    return found;
                }));
        assertTrue(caught.getMessage().contains("then in recovery"), caught.getMessage());
    }

    @Test
    void catchesTooFewCuts() throws Exception {
        CrashTally tally = points("few").begins("none").cut(this::read);
        assertThrows(AssertionError.class, () -> tally.atLeast(1));
    }

    @Test
    void keepsAnySubsetOfWhatWasNotSynced() {
        disk.record();
        disk.write(ROOT.resolve("f"), new byte[700], 0600);
        SimMoment moment = disk.moment();
        assertEquals(4, moment.pending(), "a name, two sectors and a length");
        BitSet named = BitSet.valueOf(new long[] {0b0001});
        BitSet second = BitSet.valueOf(new long[] {0b0101});
        assertEquals(0, length(moment.cut(tasks.time(), 1, named)));
        assertEquals(700, length(moment.cut(tasks.time(), 1, second)));
        assertEquals(-1, length(moment.cut(tasks.time(), 1, BitSet.valueOf(new long[] {0b1110}))));
        disk.sync(ROOT);
        assertEquals(3, disk.moment().pending(), "the name is safe");
        disk.sync(ROOT.resolve("f"));
        assertEquals(0, disk.moment().pending());
    }

    private int length(SimDisk after) {
        return on(after).read("f", 10_000).map(b -> b.length).orElse(-1);
    }
}
