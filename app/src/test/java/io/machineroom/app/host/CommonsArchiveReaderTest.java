package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.contract.ArchiveReaderContract;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.ArchiveWriter;
import io.machineroom.ports.sim.Tars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommonsArchiveReaderTest extends ArchiveReaderContract {
    private final CommonsArchiveReader reader = new CommonsArchiveReader();

    @TempDir
    private Path directory;

    @Override
    protected ArchiveReader reader() {
        return reader;
    }

    @Override
    protected Path store(byte[] archive) {
        try {
            return Files.write(directory.resolve("a.tar.gz"), archive);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aFaultOfTheVisitorIsNoFaultOfTheArchive() {
        Path archive = store(new Tars().file("a", "1").gzip());
        assertThrows(
                IllegalArgumentException.class,
                () -> reader.read(archive, entry -> {
                    throw new IllegalArgumentException("a programming mistake");
                }));
    }

    @Test
    void readsWhatTheWriterWroteAlsoLongNames() throws IOException {
        Path content = Files.writeString(directory.resolve("content"), "text");
        String name = "deep/".repeat(40) + "file";
        Path archive = directory.resolve("written.tar.gz");
        new CommonsArchiveWriter()
                .write(
                        archive,
                        List.of(
                                new ArchiveWriter.Item("dir", 0755, null),
                                new ArchiveWriter.Item(name, 0600, content)));
        List<String> seen = new ArrayList<>();
        reader.read(archive, entry -> {
            seen.add(entry.kind() + " " + entry.name() + " " + entry.size());
            return null;
        });
        assertEquals(List.of("DIRECTORY dir/ 0", "FILE " + name + " 4"), seen);
    }
}
