package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.FileTreeContract;
import io.machineroom.ports.host.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFileTreeTest extends FileTreeContract {
    @TempDir
    private Path directory;

    @Override
    protected FileTree files() {
        return new LocalFileTree(directory.resolve("root"));
    }

    @Override
    protected void link(String name, String target) {
        try {
            Files.createDirectories(directory.resolve("root"));
            Files.createSymbolicLink(directory.resolve("root").resolve(name), Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void anInterruptTearsNothingAndIsNotLost() {
        Thread.currentThread().interrupt();
        files().replace("f", new byte[] {1, 2}, 0600);
        files().makeDirectory("d/e", 0700);
        files().sync("");
        files().rename("f", "g");
        assertTrue(Thread.interrupted());
        assertEquals(2, files().read("g", 10).orElseThrow().length);
    }

    @Test
    void aDiskThatRefusesIsUnavailable() {
        FileTree devices = new LocalFileTree(Path.of("/dev"));
        try (FileTree.Writer full = devices.write("full", 0666)) {
            PortException.Unavailable e =
                    assertThrows(PortException.Unavailable.class, () -> full.write(new byte[10], 0, 10));
            assertEquals("file.disk", e.code());
        } catch (PortException.Refused notRoot) {
            assertEquals("file.denied", notRoot.code());
        }
    }
}
