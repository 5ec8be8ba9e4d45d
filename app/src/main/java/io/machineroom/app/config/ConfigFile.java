package io.machineroom.app.config;

import io.machineroom.ports.data.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The {@code key=value} format of spec provisioning 1.4: trimmed lines, {@code #} comments, split at the
 * first {@code =}, the last of a repeated key wins. Where the original ignores a line silently, this
 * reader reports it.
 */
final class ConfigFile {
    private final Map<String, Entry> entries = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    static ConfigFile parse(String content) {
        ConfigFile file = new ConfigFile();
        int number = 0;
        for (String raw : content.split("\n", -1)) {
            number++;
            file.line(raw.strip(), number);
        }
        return file;
    }

    private void line(String line, int number) {
        if (line.isEmpty() || line.startsWith("#")) {
            return;
        }
        int at = line.indexOf('=');
        if (at < 1) {
            problems.add(new Problem("", number, "expected 'key=value'"));
            return;
        }
        String key = line.substring(0, at).strip();
        String value = line.substring(at + 1).strip();
        if (!value.isEmpty()) {
            entries.put(key, new Entry(value, number));
        }
    }

    Map<String, Entry> entries() {
        return entries;
    }

    List<Problem> problems() {
        return problems;
    }

    /** A value and the line it stands on. */
    record Entry(String value, int line) {}
}
