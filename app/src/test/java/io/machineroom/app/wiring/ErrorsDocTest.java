package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ErrorsDocTest {
    private static final Pattern THROWN =
            Pattern.compile("(?:Unavailable|Refused|Corrupted|Rejected)\\(\\s*\"([a-z0-9-]+(?:\\.[a-z0-9-]+)+)\"");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z0-9.-]+)` \\|", Pattern.MULTILINE);

    @Test
    void everyCodeThatIsThrownIsOnThePage() throws IOException {
        Set<String> thrown = found(THROWN, sources());
        assertTrue(thrown.size() > 100, thrown::toString);
        thrown.removeAll(found(ROW, page()));
        assertEquals(Set.of(), thrown, "codes that docs/errors.md does not explain");
    }

    @Test
    void everyCodeOnThePageIsInTheCode() throws IOException {
        String sources = sources();
        Set<String> stale = found(ROW, page());
        // some are made of a prefix and an end: the spool and the event log share theirs
        stale.removeIf(code -> sources.contains("\"" + code)
                || sources.contains("\"" + code.substring(code.indexOf('.')) + "\"")
                || sources.contains("\"" + code.substring(code.indexOf('.') + 1) + "\""));
        assertEquals(Set.of(), stale, "codes on docs/errors.md that nothing uses");
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "errors.md"));
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        for (String module :
                List.of("ports", "domain", "app", "adapters-nats", "adapters-http", "adapters-chronicle")) {
            try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    all.append(Files.readString(file));
                }
            }
        }
        return all.toString();
    }

    private static Set<String> found(Pattern pattern, String text) {
        Set<String> out = new TreeSet<>();
        Matcher match = pattern.matcher(text);
        while (match.find()) {
            out.add(match.group(1));
        }
        return out;
    }
}
