package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machineroom.ports.host.MetricFiles.Sample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrometheusTextFilesTest {
    @TempDir
    private Path folder;

    private static Sample gauge(String name, String value, Map<String, String> labels) {
        return new Sample(name, "Help", false, labels, value);
    }

    @Test
    void samplesOfOneNameStandTogetherWhoeverShowsThem() throws IOException {
        PrometheusTextFiles files = new PrometheusTextFiles(folder, new LocalHostFiles());
        files.show("a.prom", "one", List.of(gauge("m", "1", Map.of("x", "q\"\n\\")), gauge("z", "5", Map.of())));
        files.show("a.prom", "two", List.of(gauge("m", "2", Map.of("y", "b", "x", "a")), gauge("z", "6", Map.of())));
        files.show("a.prom", "two", List.of(gauge("m", "3", Map.of("y", "b", "x", "a")), gauge("z", "6", Map.of())));
        Path file = folder.resolve("a.prom");
        assertEquals(
                "# HELP m Help\n# TYPE m gauge\nm{x=\"q\\\"\\n\\\\\"} 1\nm{x=\"a\",y=\"b\"} 3\n"
                        + "# HELP z Help\n# TYPE z gauge\nz 5\n",
                Files.readString(file));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        files.forget("a.prom", "one");
        assertEquals(
                "# HELP m Help\n# TYPE m gauge\nm{x=\"a\",y=\"b\"} 3\n# HELP z Help\n# TYPE z gauge\nz 6\n",
                Files.readString(file));
    }

    @Test
    void withoutAFolderNothingHappens() {
        new PrometheusTextFiles(null, new LocalHostFiles()).show("a.prom", "one", List.of());
        Path absent = folder.resolve("absent");
        new PrometheusTextFiles(absent, new LocalHostFiles()).show("a.prom", "one", List.of());
        assertFalse(Files.exists(absent));
    }
}
