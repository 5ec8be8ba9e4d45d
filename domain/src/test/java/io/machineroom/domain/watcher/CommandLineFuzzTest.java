package io.machineroom.domain.watcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.fuzz.Fuzz;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CommandLineFuzzTest {
    private final Fuzz fuzz = new Fuzz("command", Set.of("exec.command"), CommandLine::split);

    @Test
    void survivesRandomTexts() throws IOException {
        fuzz.run();
    }

    @Test
    void survivesWhatWasKept() throws IOException {
        fuzz.replay();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '!',
            value = {
                "a b  c ~ a,b,c",
                "a 'b c' ~ a,b c",
                "a'b'\"c\" ~ abc",
                "'' \"\" ~ ,",
                "'a\\b' ~ a\\b",
                "\"a\\\"b\\c\" ~ a\"bc",
                "a\\ b \\# ~ a b,#",
                "a # rest ~ a",
                "a#b ''#c ~ a#b,#c",
                "$x *.y | z > f ~ $x,*.y,|,z,>,f",
            })
    void splits(String text, String words) {
        assertEquals(words, String.join(",", CommandLine.split(text)));
    }

    @Test
    void aCommentEndsWithItsLine() {
        assertEquals(List.of("a", "b"), CommandLine.split("a # c 'd\r\nb"));
        assertEquals(List.of(), CommandLine.split("# only"));
        assertEquals(List.of(), CommandLine.split(" \t\r\n"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '!',
            value = {
                "a 'b ~ EOF found when expecting closing quote",
                "a \"b ~ EOF found when expecting closing quote",
                "a\\ ~ EOF found after escape character",
                "\"a\\ ~ EOF found after escape character",
            })
    void saysWhatIsMissing(String text, String message) {
        PortException.Refused refused =
                assertThrows(PortException.Refused.class, () -> CommandLine.split(text.strip()));
        assertEquals("exec.command: " + message, refused.code() + ": " + refused.getMessage());
    }

    @Test
    void findsTheWordsThatWereQuoted() {
        Random random = new Random(3);
        String characters = "ab #'\"\\\t\n\r$";
        for (int i = 0; i < 5_000; i++) {
            List<String> words = new ArrayList<>();
            StringBuilder line = new StringBuilder();
            for (int n = random.nextInt(5); n > 0; n--) {
                StringBuilder word = new StringBuilder();
                for (int m = random.nextInt(6); m > 0; m--) {
                    word.append(characters.charAt(random.nextInt(characters.length())));
                }
                words.add(word.toString());
                String quoted = random.nextBoolean()
                        ? "\"" + word.toString().replace("\\", "\\\\").replace("\"", "\\\"") + "\""
                        : "'" + word.toString().replace("'", "'\\''") + "'";
                line.append(quoted).append(" \t\n".charAt(random.nextInt(3)));
            }
            assertEquals(words, CommandLine.split(line.toString()), line::toString);
        }
    }
}
