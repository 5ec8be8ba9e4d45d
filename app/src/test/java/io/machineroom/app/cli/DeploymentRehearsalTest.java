package io.machineroom.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.sim.Tars;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Downloads, archives and deployment over the air, rehearsed in virtual time. */
final class DeploymentRehearsalTest {
    @TempDir
    private Path directory;

    private final MachineCommandLine line = new MachineCommandLine();

    private static Path example() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(
                        DeploymentRehearsalTest.class.getResource("/machines/deployed"), "test resources")
                .toURI());
    }

    private String archive(String name, String content) throws IOException, NoSuchAlgorithmException {
        byte[] bytes =
                new Tars().directory("app", 0755).file("app/version", content).gzip();
        Files.write(directory.resolve(name), bytes);
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private void fetcher(String checksum) throws IOException {
        Files.writeString(directory.resolve("machine.yaml"), """
                name: fetcher
                version: 1.0.0
                initial_state: ABSENT
                transitions:
                  - {name: fetched, from: [ABSENT, FAILED], destination: PRESENT}
                  - {name: failed, from: [ABSENT, PRESENT], destination: FAILED}
                  - {name: seen, from: [PRESENT], destination: DONE}
                watchers:
                  - name: fetch
                    type: archive
                    interval: 1m
                    state_match: [ABSENT, FAILED]
                    success_transition: fetched
                    fail_transition: failed
                    properties:
                      source: https://repo.example.net/app.tgz
                      creates: app
                      target: out
                      checksum: '{{ lookup "data.checksum" "%s" }}'
                  - name: look
                    type: file
                    interval: 10s
                    state_match: [PRESENT]
                    success_transition: seen
                    properties: {path: out/app/version}
                """.formatted(checksum));
    }

    private void script(String text) throws IOException {
        Files.writeString(directory.resolve("machine.test.yaml"), text);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.sorted().toList();
        }
    }

    @Test
    void anOverTheAirDeploymentIsRehearsed() throws Exception {
        assertEquals(0, line.run("test", example().toString()), () -> line.out() + line.err());
        assertTrue(line.out().contains("echo: WAIT > SAID by said"), line.out());
        assertTrue(line.out().contains("passed: 3 transitions in 3h0m0s"), line.out());
    }

    @Test
    void theExampleOfTheDocumentationIsThatOne() throws Exception {
        String page = Files.readString(Path.of("../docs/authors.md"));
        assertTrue(page.contains(Files.readString(example().resolve("machine.test.yaml"))));
    }

    @Test
    void aDownloadThatFailsIsTriedAgainAndNothingIsWritten() throws Exception {
        fetcher(archive("app.tgz", "1"));
        script("""
                downloads:
                  - match: app.tgz
                    results:
                      - {fails: unreachable}
                      - {status: 503}
                      - {file: app.tgz, takes: 2s}
                steps:
                  - at: 1m
                    expect: {state: FAILED, outcomes: {fetch: error}, downloads: {app.tgz: 2}}
                  - at: 5m
                    expect: {state: DONE, downloads: {app.tgz: 3}, transitions: 3, outcomes: {fetch: downloaded}}
                """);
        List<Path> before = files();
        int code = line.run("test", directory.toString());
        assertTrue(line.out().contains("fetcher: FAILED > PRESENT by fetched"), () -> line.out() + line.err());
        assertTrue(line.out().contains("fetcher: PRESENT > DONE by seen"), line.out());
        assertEquals(before, files());
        assertEquals(0, code, line.out());
    }

    @Test
    void anotherDigestAndAnotherContentAreRefused() throws Exception {
        String good = archive("app.tgz", "1");
        archive("other.tgz", "2");
        fetcher(good);
        script("""
                downloads:
                  - match: app.tgz
                    results:
                      - {file: other.tgz}
                      - {text: "<html>log in first</html>"}
                      - {file: app.tgz}
                steps:
                  - at: 1s
                    expect: {state: FAILED, outcomes: {fetch: downloaded}}
                """);
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()), line.err());
        assertTrue(
                line.out().contains("'fetch' says error (archive.checksum: archive checksum "),
                () -> line.out() + line.err());
        assertTrue(line.out().contains(", expected is downloaded"), line.out());
    }

    @Test
    void aTextWithTheRightDigestIsNoArchive() throws Exception {
        byte[] text = "no archive".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        fetcher(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text)));
        script("""
                downloads: [{match: app.tgz, results: [{text: no archive}]}]
                steps:
                  - at: 1s
                    expect: {outcomes: {fetch: downloaded}}
                """);
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()));
        assertTrue(line.out().contains("archive.unreadable"), line.out());
    }

    @Test
    void whatTheScriptDoesNotSayFailsTheRehearsal() throws Exception {
        fetcher(archive("app.tgz", "1"));
        script("for: 1m\n");
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()));
        assertTrue(
                line.out().contains("the script has no answer for the download: https://repo.example.net/app.tgz"),
                line.out());
        script("downloads: [{match: app.tgz, results: [{file: none.tgz}]}]\nfor: 1m\n");
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()));
        assertTrue(line.out().contains("none.tgz to download; the script names it"), line.out());
        script("downloads: [{match: app.tgz, results: [{file: app.tgz, status: 500}]}]\n");
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()));
        assertTrue(line.err().contains("one of file, text, status and fails"), line.err());
    }

    @Test
    void aListSignedWithAnotherKeyIsRefusedInARehearsalToo() throws Exception {
        Files.writeString(directory.resolve("machine.yaml"), """
                name: manager
                version: 1.0.0
                initial_state: MANAGE
                transitions:
                  - {name: bad, from: [MANAGE], destination: BAD}
                watchers:
                  - name: deploy
                    type: machines
                    interval: 1m
                    state_match: [MANAGE]
                    fail_transition: bad
                    properties: {data_item: spec}
                """);
        script("""
                data: {spec: {machines: W10=, signature: "%s"}}
                signing_key: %s
                steps:
                  - at: 1s
                    expect: {state: BAD, events: {plugin_rejected: 1}}
                """.formatted("00".repeat(64), "1".repeat(64)));
        assertEquals(0, line.run("test", directory.toString()), () -> line.out() + line.err());
        script("""
                data: {spec: {machines: []}}
                steps:
                  - at: 1s
                    expect: {state: MANAGE, outcomes: {deploy: unchanged}}
                """);
        assertEquals(0, line.run("test", directory.toString()), () -> line.out() + line.err());
    }

    @Test
    void switchesArePressedAndCommandsMayStayBehind() throws Exception {
        Files.writeString(directory.resolve("machine.yaml"), """
                name: lamp
                version: 1.0.0
                initial_state: OFF
                transitions:
                  - {name: turn_on, from: [OFF], destination: ON}
                  - {name: turn_off, from: [ON], destination: OFF}
                watchers:
                  - name: switch
                    type: httpswitch
                    success_transition: turn_on
                    fail_transition: turn_off
                    properties: {on_when: [ON], off_when: [OFF]}
                  - name: burn
                    type: exec
                    state_match: [ON]
                    success_transition: turn_off
                    properties: {command: burn, disown: true}
                  - name: tell
                    type: gossip
                    properties: {subject: lamp, payload: on}
                """);
        script("""
                commands: [{match: burn, results: [{takes: 2h}]}]
                steps:
                  - {at: 1m, press: {switch: on}}
                  - {at: 2h, expect: {state: ON}}
                  - {at: 3h, expect: {state: OFF, transitions: 2}}
                """);
        assertEquals(0, line.run("test", directory.toString()), () -> line.out() + line.err());
        assertTrue(
                line.out()
                        .contains("warning: not rehearsed: lamp: 'tell' publishes to nobody, because a rehearsal has"),
                line.out());
        script("steps: [{at: 1s, press: {burn: on}}]\n");
        assertEquals(ExitCodes.DATA, line.run("test", directory.toString()));
        assertTrue(line.out().contains("there is no switch 'burn'"), line.out());
        assertFalse(line.out().contains("passed"), line.out());
    }
}
