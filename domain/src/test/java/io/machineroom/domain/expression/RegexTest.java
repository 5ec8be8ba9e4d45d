package io.machineroom.domain.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '!',
            value = {
                "b ~ abc ~ true",
                "\\Ab ~ abc ~ false",
                "(?:x|c)$ ~ abc ~ true",
                "c\\z ~ abc ~ true",
                "a.c ~ abc ~ true",
                "[^a-c] ~ abc ~ false",
                "[a\\-z] ~ - ~ true",
                "[]a] ~ ] ~ true",
                "[[:digit:]x]+\\d ~ x1 ~ true",
                "[[:^alpha:]] ~ abc ~ false",
                "\\p{Greek} ~ αβ ~ true",
                "\\pL\\PL ~ ä1 ~ true",
                "\\p{^L} ~ a ~ false",
                "(?i)ABC ~ xabcx ~ true",
                "(?i:A)B ~ aB ~ true",
                "(?i:A)B ~ ab ~ false",
                "a(?i)B ~ ab ~ true",
                "x{2,3}y ~ xxxy ~ true",
                "^x{2}$ ~ xxx ~ false",
                "^x{2,}$ ~ xxx ~ true",
                "x{,2} ~ x{,2} ~ true",
                "(?P<name>a)(?<other>b) ~ ab ~ true",
                "\\bfoo\\b ~ a foo b ~ true",
                "\\bfoo\\b ~ afoob ~ false",
                "\\Bo ~ foo ~ true",
                "\\Q.*\\E ~ a.*b ~ true",
                "\\Q.*\\E ~ ab ~ false",
                "\\x41\\x{42}\\103 ~ ABC ~ true",
                "^(a|ab)(c|bcd)$ ~ abcd ~ true",
                "(a*)*$ ~ aaab ~ true",
                "a*?b+? ~ aab ~ true",
                "|a ~ zzz ~ true",
                "\\w+@\\w+\\.com ~ joe@example.com ~ true",
                "^web\\d+\\.(lon|nyc)$ ~ web12.nyc ~ true",
            })
    void matches(String regex, String text, boolean expected) {
        assertEquals(expected, Regex.parse(regex).find(text));
    }

    @Test
    void knowsLines() {
        assertEquals(true, Regex.parse("(?m)^b$").find("a\nb\nc"));
        assertFalse(Regex.parse("^b$").find("a\nb\nc"));
        assertFalse(Regex.parse("a.b").find("a\nb"));
        assertEquals(true, Regex.parse("(?s)a.b").find("a\nb"));
        assertFalse(Regex.parse("a$").find("a\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "(",
                ")",
                "[",
                "a**",
                "*",
                "+a",
                "a{2}{3}",
                "x{1001}",
                "x{3,2}",
                "\\",
                "\\8",
                "(?=a)",
                "(?<!a)",
                "\\y",
                "[b-a]",
                "[[:x:]]",
                "\\p{Nothing}",
                "(?P<a",
                "(?x)a",
                "\\x{110000}",
                "((a{100}){100}){100}"
            })
    void refusesWhatRe2Refuses(String regex) {
        assertThrows(PortException.Refused.class, () -> Regex.parse(regex), regex);
    }

    @Test
    void takesNoTimeForEvilOnes() {
        assertFalse(Regex.parse("^(a+)+$").find("a".repeat(50_000) + "b"));
        assertFalse(Regex.parse("^(a|aa|a?)*c").find("a".repeat(50_000)));
        assertThrows(PortException.Refused.class, () -> Regex.parse("(".repeat(2000) + ")".repeat(2000)));
    }

    @Test
    void agreesWithTheJdkWhereBothHaveTheSameLanguage() {
        Random random = new Random(11);
        String[] parts = {"a", "b", ".", "a*", "b+", "(a|b)", "(ab)?", "[ab]", "[^a]", "^", "$", "\\b", "a{1,2}", "(|a)"
        };
        for (int i = 0; i < 20_000; i++) {
            StringBuilder regex = new StringBuilder();
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(6); n >= 0; n--) {
                regex.append(parts[random.nextInt(parts.length)]);
                text.append("ab c".charAt(random.nextInt(4)));
            }
            boolean expected = Pattern.compile(regex.toString().replace("$", "\\z"))
                    .matcher(text)
                    .find();
            assertEquals(expected, Regex.parse(regex.toString()).find(text.toString()), regex + " in " + text);
        }
    }
}
