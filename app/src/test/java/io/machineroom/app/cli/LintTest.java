package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every faulty machine of the test resources is refused by the rule that its first line names, at the line it names;
 * machines that are fine are not.
 */
final class LintTest {
    private static final Pattern EXPECTED = Pattern.compile("# expect (\\S+) at (\\d+)");

    private static Path resources() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(LintTest.class.getResource("/machines/lint"), "test resources")
                .toURI());
    }

    @TestFactory
    Stream<DynamicTest> everyFaultyMachineIsFound() throws IOException, URISyntaxException {
        try (Stream<Path> children = Files.list(resources())) {
            List<Path> machines = children.sorted().toList();
            assertTrue(machines.size() >= 75, "fewer than seventy-five");
            return machines.stream()
                    .map(m -> DynamicTest.dynamicTest(m.getFileName().toString(), () -> found(m)));
        }
    }

    private static void found(Path directory) throws IOException {
        MachineCommandLine line = new MachineCommandLine();
        assertEquals(ExitCodes.DATA, line.run("check", "--lint", "--strict", directory.toString()), line.out());
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path manifest : files.filter(f -> f.endsWith("machine.yaml")).toList()) {
                Matcher expected = EXPECTED.matcher(Files.readAllLines(manifest).getFirst());
                assertTrue(expected.matches(), "no expectation in " + manifest);
                if (!expected.group(1).equals("none")) {
                    Pattern wanted = Pattern.compile(Pattern.quote(manifest + ":" + expected.group(2))
                            + "(:\\d+)?: (fault|warning): .*\\[" + Pattern.quote(expected.group(1)) + "\\]");
                    boolean unread = directory.endsWith("key-twice");
                    if (line.out().contains(": fault: ")) {
                        assertEquals(
                                ExitCodes.DATA, line.run("check", "--lint", directory.toString()), "a fault, unasked");
                    }
                    assertTrue(
                            unread
                                    ? line.out().contains(": fault: ")
                                    : wanted.matcher(line.out()).find(),
                            wanted + " in " + line.out());
                }
            }
        }
    }

    @Test
    void machinesThatAreFineHaveNoFinding() throws URISyntaxException {
        MachineCommandLine line = new MachineCommandLine();
        Path fine = resources().resolveSibling("lint-fine");
        assertEquals(0, line.run("check", "--lint", "--strict", fine.toString()), line.out());
        assertTrue(line.out().contains("4 machines, 0 faults, 0 warnings"), line.out());
    }

    @Test
    void everyFindingHasAPlaceAndARemedy() throws URISyntaxException {
        MachineCommandLine line = new MachineCommandLine();
        line.run("check", "--lint", resources().resolve("livelock-two").toString());
        assertTrue(
                line.out().contains("machine.yaml:13:5: fault: commands move the machine round [IDLE, BUSY]"),
                line.out());
        assertTrue(line.out().contains("\n    let one of the commands stay"), line.out());
    }

    /** A shipped manager of the original reads another data key than it stores (W-50). */
    @Test
    void agentsW50AManagerThatReadsAnotherKeyThanItStoresIsFound() throws URISyntaxException {
        MachineCommandLine line = new MachineCommandLine();
        line.run("check", "--lint", resources().resolve("plugins-other-key").toString());
        assertTrue(
                line.out().contains("'deploy' reads the list data.machines, which no watcher of the machine writes"),
                line.out());
        assertTrue(line.out().contains("\n    written are [CONFIG_machines]"), line.out());
    }

    @Test
    void asksWhatWasMeant() throws URISyntaxException {
        MachineCommandLine line = new MachineCommandLine();
        line.run("check", resources().resolve("misspelt-state").toString());
        assertTrue(line.out().contains("did you mean 'BUSY'?"), line.out());
        assertFalse(line.out().contains("loads and starts"), line.out());
    }
}
