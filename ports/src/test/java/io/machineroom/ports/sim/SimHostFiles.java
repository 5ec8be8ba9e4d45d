package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Files anywhere on a {@link SimDisk}. It knows the users and groups {@code root} and {@code nobody}. */
public final class SimHostFiles implements HostFiles {
    private static final Set<String> NAMES = Set.of("", "root", "nobody");

    private final SimDisk disk;
    private final Set<String> programs = new TreeSet<>(Set.of("sh"));

    public SimHostFiles(SimDisk disk) {
        this.disk = disk;
    }

    /** Puts a program into the PATH. */
    public SimHostFiles program(String name) {
        programs.add(name);
        return this;
    }

    @Override
    public Optional<FileTree.Info> info(Path path) {
        return Optional.ofNullable(disk.find(path, true)).map(SimInode::info);
    }

    @Override
    public Optional<String> sha256(Path path) {
        return disk.content(path).map(new SimSignatures()::sha256);
    }

    @Override
    public Optional<byte[]> read(Path path, int maxBytes) {
        Optional<byte[]> content = disk.content(path);
        if (content.isPresent() && content.get().length > maxBytes) {
            throw new PortException.Refused("file.too-large", path + " has more than " + maxBytes + " bytes");
        }
        return content;
    }

    @Override
    public Optional<Owner> owner(Path path) {
        return Optional.ofNullable(disk.find(path, true)).map(node -> new Owner(node.user(), node.group()));
    }

    @Override
    public void replace(Path path, byte[] content, int mode, String owner, String group) {
        if (!NAMES.contains(owner) || !NAMES.contains(group)) {
            throw new PortException.Refused("file.owner", "this host does not know " + owner + ":" + group);
        }
        if (disk.find(path.getParent(), true) == null) {
            throw new PortException.Refused("file.missing", "there is no " + path.getParent());
        }
        disk.write(path, content, mode).owner(owner, group);
        disk.sync(path);
    }

    @Override
    public boolean onPath(String program) {
        return programs.contains(program);
    }
}
