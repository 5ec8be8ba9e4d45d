package io.machineroom.app.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The distribution by {@code /etc/os-release}; OSHI gives names for people only. */
final class OsRelease {
    private static final List<String> FAMILIES = List.of("debian", "rhel", "fedora", "suse", "arch", "alpine");

    private OsRelease() {}

    /** Keys and values; empty where there is no such file. */
    static Map<String, String> read() {
        Map<String, String> out = new HashMap<>();
        try {
            for (String line : Files.readAllLines(Path.of("/etc/os-release"), StandardCharsets.UTF_8)) {
                int equals = line.indexOf('=');
                if (equals > 0) {
                    out.put(
                            line.substring(0, equals),
                            line.substring(equals + 1).replace("\"", ""));
                }
            }
            return out;
        } catch (IOException anotherSystem) {
            return Map.of();
        }
    }

    /** The family of a distribution: itself, or the first known one it is like. */
    static String family(String id, String like) {
        for (String name : (id + " " + like).split("\\s+")) {
            if (FAMILIES.contains(name)) {
                return name;
            }
        }
        return id;
    }
}
