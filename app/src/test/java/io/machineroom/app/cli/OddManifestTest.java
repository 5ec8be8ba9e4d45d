package io.machineroom.app.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an author reads about a manifest that is none, or hardly one: where it is, what it is, and what to do. */
final class OddManifestTest {
    private static final String GOOD = """
            name: good
            version: 1.0.0
            initial_state: IDLE
            transitions:
              - {name: go, from: [IDLE], destination: BUSY}
              - {name: back, from: [BUSY], destination: IDLE}
            watchers:
              - name: run
                type: exec
                interval: 1m
                state_match: [IDLE, BUSY]
                properties: {command: /bin/true}
            """;

    @TempDir
    private Path directory;

    private final MachineCommandLine line = new MachineCommandLine();

    private static Arguments odd(String what, String text, String place, String message, String remedy) {
        return Arguments.of(what, text.getBytes(UTF_8), place, message, remedy);
    }

    private static Arguments changed(String old, String now, String place, String message, String remedy) {
        return odd(now.strip(), GOOD.replace(old, now), place, message, remedy);
    }

    private static String bomb() {
        StringBuilder text = new StringBuilder("a: &a [x,x,x,x,x,x,x,x,x]\n");
        for (char c = 'b'; c < 'k'; c++) {
            String before = "*" + (char) (c - 1);
            text.append(c).append(": &").append(c).append(" [").append((before + ",").repeat(8));
            text.append(before).append("]\n");
        }
        return text.toString();
    }

    static Stream<Arguments> odd() {
        return Stream.of(
                odd("nothing", "", ":1", "a machine name is required", "add 'name: …'"),
                odd("a comment", "# nothing\n", ":1", "no watchers defined", "add 'watchers:'"),
                odd("a text", "just text", ":1:1", "a manifest must be a map", "begin with 'name: …'"),
                odd("a list", "- a\n", ":1:1", "a manifest must be a map", "begin with 'name: …'"),
                Arguments.of("UTF-16", GOOD.getBytes(UTF_16), "", "not UTF-8", "save it as UTF-8"),
                Arguments.of(
                        "Latin-1", GOOD.replace("good", "größe").getBytes(ISO_8859_1), "", "not UTF-8", "save it as"),
                odd("large", GOOD + "# " + "x".repeat(1 << 20), "", "more than 1048576 bytes", "move what is large"),
                odd("aliases", bomb(), "", "aliases", "write out what the aliases stand for"),
                odd("an alias in itself", "a: &a [*a]\n", ":1:4", "an alias within", "write out"),
                odd("brackets", "a: " + "[".repeat(200), ":1:67", "nested deeper than 64", "brackets"),
                changed("    type", "\ttype", ":9:1", "TAB", "indent with spaces"),
                changed("version:", "version: 2\nversion:", ":3:1", "there twice", "keep one of the two"),
                changed("good", "go\0od", ":1:9", "U\\+0000 is not allowed", "remove the character"),
                changed("name: good", "name: !!java.net.URL [x]", ":1:7", "the tag", "remove the tag"),
                changed("name: run", "name: *run", ":8:11", "undefined alias", "into quotes"),
                changed("name: run", "name: [run]", ":8:5", "string is expected", "write one value"),
                changed("type: exec", "type: exce", ":9:5", "unknown watcher 'exce'.*'exec'", "docs/machines.md"),
                changed("interval: 1m", "interval: -5m", ":10:5", "-5m0s is too small", "make it longer"),
                changed("interval: 1m", "interval: 0", ":10:5", "invalid time unit 0", "a number with a unit"),
                changed("interval: 1m", "interval: 5 minutes", ":10:5", "invalid", "a number with a unit"),
                changed("watchers:", "watchers:\n  -", ":8:4", "null was used", "write a map"),
                changed("[IDLE, BUSY]", "[IDEL]", ":11:5", "invalid state IDEL.*'IDLE'", "states .* \\[IDLE, BUSY\\]"),
                changed(
                        "state_match:",
                        "success_transition: goo\n    state_match:",
                        ":11:5",
                        "success_transition goo",
                        "its transitions are \\[go, back\\]"),
                changed("{command: /bin/true}", "{}", ":12:5", "command is required", "add 'command'"),
                changed(
                        "/bin/true}",
                        "/bin/true, timeout: 5 s}",
                        ":12:\\d+",
                        "timeout|Timeout",
                        "a number with a unit"),
                changed("/bin/true}", "/bin/true, disown: yes}", ":12:\\d+", "Disown", "write true or false"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("odd")
    void everyFaultHasAPlaceAndARemedy(String what, byte[] content, String place, String message, String remedy)
            throws IOException {
        Path manifest = Files.write(directory.resolve("machine.yaml"), content);
        assertEquals(ExitCodes.DATA, line.run("check", directory.toString()), what);
        Pattern wanted = Pattern.compile(Pattern.quote(manifest.toString()) + place + "(:\\d+)?: fault: [^\\n]*("
                + message + ")[^\\n]*\\n    [^\\n]*" + remedy);
        assertTrue(wanted.matcher(line.out()).find(), () -> wanted + " in " + line.out());
    }

    @Test
    void aFolderThatIsNoneIsToldSo() throws IOException {
        Files.createDirectories(directory.resolve("odd/machine.yaml"));
        for (String name : new String[] {"odd", "nowhere"}) {
            assertEquals(
                    ExitCodes.DATA, line.run("check", directory.resolve(name).toString()));
            assertTrue(line.out().contains("cannot read "), line.out());
            assertTrue(line.out().contains("\n    name the folder that holds machine.yaml"), line.out());
        }
    }

    @Test
    void marksLineEndsAndLettersOfTheWorldAreFine() throws IOException {
        for (String text :
                new String[] {"\uFEFF" + GOOD, GOOD.replace("\n", "\r\n"), GOOD.replace("good", "größe-機械")}) {
            Files.writeString(directory.resolve("machine.yaml"), text);
            assertEquals(0, line.run("check", directory.toString()), line.out());
        }
    }
}
