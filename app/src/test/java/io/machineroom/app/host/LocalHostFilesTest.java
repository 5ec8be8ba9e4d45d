package io.machineroom.app.host;

import io.machineroom.ports.contract.HostFilesContract;
import io.machineroom.ports.host.HostFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class LocalHostFilesTest extends HostFilesContract {
    private final LocalHostFiles files = new LocalHostFiles();

    @TempDir
    private Path directory;

    @Override
    protected HostFiles files() {
        return files;
    }

    @Override
    protected Path directory() {
        return directory;
    }

    @Override
    protected void link(Path at, String target) {
        try {
            Files.createSymbolicLink(at, Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
