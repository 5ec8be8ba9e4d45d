package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A file tree on a {@link SimDisk}. */
public final class SimFiles implements FileTree {
    private final SimDisk disk;
    private final Path root;
    private final Map<String, Path> known = new HashMap<>();

    /** Makes the root. */
    public SimFiles(SimDisk disk, Path root) {
        this.disk = disk;
        this.root = root.toAbsolutePath().normalize();
        disk.directories(this.root, 0700);
    }

    /** A tree of its own on a disk of its own. */
    public static SimFiles fresh(SimTasks tasks) {
        return new SimFiles(new SimDisk(tasks.time(), 1), Path.of("/sim"));
    }

    public SimDisk disk() {
        return disk;
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Path path(String name) {
        return confined(name, false);
    }

    private Path confined(String name, boolean followLast) {
        Path before = disk.hasLinks() ? null : known.get(name);
        if (before != null) {
            return before;
        }
        Path path = checked(name, followLast);
        if (known.size() < 1_000) {
            known.put(name, path);
        }
        return path;
    }

    private Path checked(String name, boolean followLast) {
        Path relative = Path.of(name);
        boolean up = false;
        for (Path part : relative) {
            up |= part.toString().equals("..");
        }
        Path path = root.resolve(relative).normalize();
        if (relative.isAbsolute() || up || !disk.real(path, followLast).startsWith(disk.real(root, true))) {
            throw new PortException.Refused("file.outside", "the name leaves " + root + ": " + name);
        }
        return path;
    }

    @Override
    public Optional<byte[]> read(String name, int maxBytes) {
        Optional<byte[]> content = disk.content(confined(name, true));
        if (content.isPresent() && content.get().length > maxBytes) {
            throw new PortException.Refused("file.too-large", name + " has more than " + maxBytes + " bytes");
        }
        return content;
    }

    @Override
    public void replace(String name, byte[] content, int mode) {
        Path path = confined(name, false);
        Path parent = path.getParent();
        disk.directories(parent, 0700);
        Path temporary = parent.resolve("." + path.getFileName() + ".tmp");
        disk.write(temporary, content, mode);
        disk.sync(temporary);
        disk.rename(temporary, path);
        disk.sync(parent);
    }

    @Override
    public void makeDirectory(String name, int mode) {
        Path path = confined(name, false);
        boolean there = disk.find(path, true) != null;
        SimInode made = disk.directories(path, 0700);
        if (!there) {
            made.mode(mode);
        }
    }

    @Override
    public void rename(String from, String to) {
        Path source = confined(from, false);
        Path target = confined(to, false);
        disk.rename(source, target);
        disk.sync(source.getParent());
        disk.sync(target.getParent());
    }

    @Override
    public void delete(String name) {
        Path path = confined(name, false);
        boolean there = disk.find(path, false) != null;
        disk.remove(path);
        if (there) {
            disk.sync(path.getParent());
        }
    }

    @Override
    public Optional<Info> info(String name) {
        return Optional.ofNullable(disk.find(confined(name, false), false)).map(SimInode::info);
    }

    @Override
    public List<String> list(String name) {
        SimInode node = disk.find(confined(name, true), true);
        return node == null ? List.of() : List.copyOf(node.entries().keySet());
    }

    @Override
    public List<String> walk(String name) {
        List<String> out = new ArrayList<>();
        SimInode node = disk.find(confined(name, true), true);
        if (node != null) {
            walk(node, "", out);
        }
        Collections.sort(out);
        return out;
    }

    private static void walk(SimInode directory, String prefix, List<String> out) {
        directory.entries().forEach((name, node) -> {
            if (node.kind() == Kind.DIRECTORY) {
                walk(node, prefix + name + "/", out);
            } else {
                out.add(prefix + name);
            }
        });
    }

    @Override
    public Writer write(String name, int mode) {
        Path path = confined(name, true);
        SimInode node = disk.write(path, new byte[0], mode);
        return new Writer() {
            private boolean closed;

            @Override
            public void write(byte[] bytes, int offset, int length) {
                if (closed) {
                    throw new IllegalStateException("the file is closed");
                }
                disk.append(path, node, bytes, offset, length);
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    @Override
    public void sync(String name) {
        disk.syncAll(confined(name, false));
    }

    @Override
    public long freeBytes() {
        return disk.freeBytes();
    }
}
