package io.machineroom.domain.provisioning;

import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.sim.SimFiles;
import java.nio.file.Path;
import java.util.Optional;

/** Files anywhere on a simulated disk, as far as a node itself needs them. */
public final class DiskHostFiles implements HostFiles {
    private final SimFiles root;

    /** Over a tree at the root of a disk. */
    public DiskHostFiles(SimFiles root) {
        this.root = root;
    }

    private String name(Path path) {
        return root.root().relativize(path).toString();
    }

    @Override
    public Optional<FileTree.Info> info(Path path) {
        return root.info(name(path));
    }

    @Override
    public Optional<String> sha256(Path path) {
        return Optional.empty();
    }

    @Override
    public Optional<byte[]> read(Path path, int maxBytes) {
        return root.read(name(path), maxBytes);
    }

    @Override
    public Optional<Owner> owner(Path path) {
        return Optional.empty();
    }

    @Override
    public void replace(Path path, byte[] content, int mode, String owner, String group) {
        root.replace(name(path), content, mode);
    }

    @Override
    public boolean onPath(String program) {
        return false;
    }
}
