package io.machineroom.ports.sim;

import io.machineroom.ports.host.FileTree;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The same files, written in place and synced then: what {@link CrashPoints} has to catch. */
public final class CarelessFiles implements FileTree {
    private final SimFiles files;

    public CarelessFiles(SimFiles files) {
        this.files = files;
    }

    @Override
    public void replace(String name, byte[] content, int mode) {
        try (Writer writer = files.write(name, mode)) {
            writer.write(content, 0, content.length);
        }
        files.disk().sync(files.path(name));
        files.disk().sync(files.path(name).getParent());
    }

    @Override
    public Path root() {
        return files.root();
    }

    @Override
    public Path path(String name) {
        return files.path(name);
    }

    @Override
    public Optional<byte[]> read(String name, int maxBytes) {
        return files.read(name, maxBytes);
    }

    @Override
    public void makeDirectory(String name, int mode) {
        files.makeDirectory(name, mode);
    }

    @Override
    public void rename(String from, String to) {
        files.rename(from, to);
    }

    @Override
    public void delete(String name) {
        files.delete(name);
    }

    @Override
    public Optional<Info> info(String name) {
        return files.info(name);
    }

    @Override
    public List<String> list(String name) {
        return files.list(name);
    }

    @Override
    public List<String> walk(String name) {
        return files.walk(name);
    }

    @Override
    public Writer write(String name, int mode) {
        return files.write(name, mode);
    }

    @Override
    public void sync(String name) {
        files.sync(name);
    }

    @Override
    public long freeBytes() {
        return files.freeBytes();
    }
}
