package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands for authors, as they type them. */
final class MachineCommandTest {
    @TempDir
    private Path directory;

    private final MachineCommandLine line = new MachineCommandLine();

    private static String resource(String name) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(
                                MachineCommandTest.class.getResource("/machines/" + name), "test resources")
                        .toURI())
                .toString();
    }

    private Path machine(String yaml) throws IOException {
        Files.writeString(directory.resolve("machine.yaml"), yaml);
        return directory;
    }

    private static final String SMALL = """
            name: small
            version: 1.0.0
            initial_state: A
            transitions:
              - {name: go, from: [A], destination: B}
            watchers:
              - name: run
                type: exec
                state_match: [A]
                interval: 500ms
                success_transition: go
                properties:
                  comand: x
                  command: test "{{ lookup "facts.site" "none" }}{{ lookup "data.n" "" }}" = lon7
            """;

    @Test
    void checksAndAsksWhatWasMeant() throws IOException {
        machine(SMALL);
        assertEquals(0, line.run("check", directory.toString()), line.err());
        assertTrue(line.out().contains("machine.yaml: loads and starts\n"), line.out());
        assertTrue(
                line.out().contains(":13:7: warning: unknown property 'comand' is ignored; did you mean 'command'?"),
                line.out());
        assertEquals(ExitCodes.DATA, line.run("check", "--strict", directory.toString()));
        assertEquals(ExitCodes.DATA, line.run("check", directory.resolve("none").toString()));
        assertTrue(line.out().contains("cannot read "), line.out());
    }

    @Test
    void givesBothVerdictsAsJson() throws Exception {
        assertEquals(ExitCodes.DATA, line.run("check", "--json", resource("lint/misspelt-type")));
        assertTrue(line.out().contains("\"loads\" : true") && line.out().contains("\"starts\" : false"), line.out());
        assertTrue(line.out().contains("\"start\" : \"unknown watcher 'exce'\""), line.out());
        assertTrue(line.out().contains("\"line\" : 21,") && line.out().contains("\"column\" : 5,"), line.out());
    }

    @Test
    void looksAtAWholeStore() throws Exception {
        assertEquals(0, line.run("check", "--lint", resource("rehearsed")), line.out());
        assertTrue(line.out().contains("2 machines, 0 faults"), line.out());
    }

    @Test
    void drawsForMermaidAndForBrowsers() throws Exception {
        assertEquals(0, line.run("graph", resource("rehearsed/backup")), line.err());
        assertTrue(line.out().contains("stateDiagram-v2\n") && line.out().contains("[*] --> s0\n"), line.out());
        assertTrue(line.out().contains("s0 --> s1 : begin\n"), line.out());
        assertEquals(0, line.run("graph", "--format", "svg", resource("rehearsed/backup")), line.err());
        var svg = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new java.io.ByteArrayInputStream(line.out().getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .getDocumentElement();
        assertEquals(4, svg.getElementsByTagName("rect").getLength());
        assertEquals("http://www.w3.org/2000/svg", svg.getAttribute("xmlns"));
    }

    @Test
    void rehearsesADayInAMoment() throws Exception {
        long begin = System.nanoTime();
        assertEquals(
                0,
                line.run("test", "--for", "24h", resource("rehearsed/backup"), resource("rehearsed/reader")),
                line.out() + line.err());
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(line.out().contains("1h0m0s       backup: IDLE > RUNNING by begin\n"), line.out());
        assertTrue(line.out().contains("reader: WAITING > SEEN by seen"), line.out());
        assertTrue(line.out().contains("passed: ") && line.out().contains(" transitions in 24h0m0s"), line.out());
        assertTrue(millis < 10_000, millis + " ms");
        System.out.println("a day in " + millis + " ms");
    }

    @Test
    void aRehearsalTellsWhatIsNotAsExpected() throws IOException {
        machine(SMALL);
        Files.writeString(directory.resolve("machine.test.yaml"), """
                facts: {site: lon}
                steps:
                  - at: 10s
                    expect: {state: B, data: {n: 7}, transitions: 1}
                """);
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()), line.err());
        assertTrue(line.out().contains("FAILED line 3, after 10s: small: the state is A, expected is B"), line.out());
        assertTrue(line.out().contains("data.n is absent, expected is 7"), line.out());
        assertTrue(line.out().contains("the script has no result for the command: test lon = lon7"), line.out());
        Files.writeString(directory.resolve("machine.test.yaml"), "stepps: []\n");
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()));
        assertTrue(line.err().contains("did you mean 'steps'?"), line.err());
        Files.delete(directory.resolve("machine.test.yaml"));
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()));
        assertTrue(line.err().contains("machine.test.yaml; it says what commands do"), line.err());
    }

    @Test
    void aRehearsalHasGovernorsThatAreFreeFullOrMissing() throws IOException {
        machine("""
                name: saver
                version: 1.0.0
                initial_state: A
                transitions:
                  - {name: saved, from: [A], destination: B}
                  - {name: again, from: [B, C], destination: A}
                  - {name: broken, from: [A], destination: C}
                watchers:
                  - name: save
                    type: exec
                    state_match: [A]
                    interval: 1m
                    success_transition: saved
                    fail_transition: broken
                    properties: {command: save, governor: BACKUP, governor_timeout: 2m}
                """);
        Files.writeString(directory.resolve("machine.test.yaml"), """
                governors: {BACKUP: full}
                commands:
                  - match: save
                    results: [{exit: 0}]
                steps:
                  - at: 2m
                    expect: {state: A, runs: {save: 0}}
                  - at: 4m
                    expect: {state: C, runs: {save: 0}}
                    governors: {BACKUP: free}
                    fire: again
                  - at: 6m
                    expect: {state: B, runs: {save: 1}}
                    governors: {BACKUP: missing}
                  - at: 6m1s
                    fire: again
                  - at: 8m
                    expect: {state: C, runs: {save: 1}}
                """);
        assertEquals(0, line.run("test", directory.toString()), () -> line.out() + line.err());
    }

    @Test
    void aGovernorOfARehearsalIsNothingElse() throws IOException {
        machine(SMALL);
        Files.writeString(directory.resolve("machine.test.yaml"), "governors: {BACKUP: busy}\n");
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()));
        assertTrue(line.err().contains("a governor is free, full or missing"), line.err());
    }

    @Test
    void aRehearsalWritesNothingAndHasItsOwnFiles() throws IOException {
        Path target = directory.resolve("out/motd");
        machine("""
                name: keeper
                version: 1.0.0
                initial_state: A
                transitions:
                  - {name: changed, from: [A], destination: B}
                watchers:
                  - name: motd
                    type: file
                    state_match: [A, B]
                    interval: 5s
                    success_transition: changed
                    properties: {path: %s, contents: hello, owner: root, group: root, mode: "0644"}
                """.formatted(target));
        Files.writeString(directory.resolve("machine.test.yaml"), """
                files: {/etc/other: hello}
                steps:
                  - at: 1s
                    expect: {state: A}
                  - at: 2m
                    expect: {state: B}
                """);
        assertEquals(0, line.run("test", directory.toString()), line.out() + line.err());
        assertTrue(Files.notExists(target), "nothing is written");
    }

    @Test
    void runsAMachineHere() throws IOException {
        machine(SMALL);
        Path facts = Files.writeString(directory.resolve("facts.json"), "{\"site\": \"lon\"}");
        Path data = Files.writeString(directory.resolve("data.yaml"), "n: 7\n");
        assertEquals(
                0,
                line.run(
                        "run",
                        "--facts",
                        facts.toString(),
                        "--data",
                        data.toString(),
                        "--for",
                        "3s",
                        directory.toString()),
                line.err());
        assertTrue(line.out().contains(" small: A > B by go\n"), line.out());
        assertTrue(Files.notExists(directory.resolve("machine_data.json")), "data stay in memory");
        assertEquals(ExitCodes.DATA, line.run("run", "--facts", "nowhere.json", directory.toString()));
        assertEquals(ExitCodes.USAGE, line.run("run", "--for", "soon", directory.toString()));
    }
}
