package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsDocTest {
    private static final Pattern NAME = Pattern.compile("[\"`](mr_[a-z_]+)[\"`]");

    @Test
    void pageNamesWhatTheCodeCounts() throws IOException {
        Set<String> code = new TreeSet<>();
        for (String module : List.of("domain", "app", "adapters-nats", "adapters-http", "adapters-chronicle")) {
            try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (Path file :
                        files.filter(f -> f.toString().endsWith(".java")).toList()) {
                    collect(Files.readString(file), code);
                }
            }
        }
        Set<String> page = new TreeSet<>();
        collect(Files.readString(Path.of("..", "docs", "metrics.md")), page);
        assertEquals(code, page);
    }

    private static void collect(String text, Set<String> into) {
        Matcher name = NAME.matcher(text);
        while (name.find()) {
            into.add(name.group(1));
        }
    }
}
