package io.machineroom.app.bench.machines;

import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import java.nio.file.Path;
import java.util.Optional;

/** The files of this computer; a look at one is a beat. */
record BeatingFiles(HostFiles files, Pulse pulse) implements HostFiles {
    @Override
    public Optional<FileTree.Info> info(Path path) {
        pulse.beat("file");
        return files.info(path);
    }

    @Override
    public Optional<String> sha256(Path path) {
        return files.sha256(path);
    }

    @Override
    public Optional<byte[]> read(Path path, int maxBytes) {
        return files.read(path, maxBytes);
    }

    @Override
    public Optional<Owner> owner(Path path) {
        return files.owner(path);
    }

    @Override
    public void replace(Path path, byte[] content, int mode, String owner, String group) {
        files.replace(path, content, mode, owner, group);
    }

    @Override
    public boolean onPath(String program) {
        return files.onPath(program);
    }
}
