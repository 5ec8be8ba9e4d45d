package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.machineroom.ports.contract.MetricFilesContract;
import io.machineroom.ports.host.MetricFiles;
import io.machineroom.ports.host.MetricFiles.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrometheusTextFilesTest extends MetricFilesContract {
    @TempDir
    private Path folder;

    private MetricFiles files = new PrometheusTextFiles(null, new LocalHostFiles());

    @BeforeEach
    void open() {
        files = new PrometheusTextFiles(folder, new LocalHostFiles());
    }

    @Override
    protected MetricFiles files() {
        return files;
    }

    @Override
    protected List<String> lines(String file) {
        try {
            return Files.readAllLines(folder.resolve(file)).stream()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void isWrittenAsPrometheusReadsIt() throws IOException {
        files.show(
                "a.prom",
                "one",
                List.of(
                        new Sample("m", "Help", false, Map.of("x", "q\"\n\\"), "1"),
                        new Sample("z", "Many", true, Map.of(), "5")));
        Path file = folder.resolve("a.prom");
        assertEquals(
                "# HELP m Help\n# TYPE m gauge\nm{x=\"q\\\"\\n\\\\\"} 1\n# HELP z Many\n# TYPE z counter\nz 5\n",
                Files.readString(file));
        assertEquals("rw-r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void withoutAFolderNothingHappens() {
        new PrometheusTextFiles(null, new LocalHostFiles()).show("a.prom", "one", List.of());
        Path absent = folder.resolve("absent");
        new PrometheusTextFiles(absent, new LocalHostFiles()).show("a.prom", "one", List.of());
        assertFalse(Files.exists(absent));
    }
}
