package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Files of the local disk below one root; the root is made when first written to. */
public final class LocalFileTree implements FileTree {
    private final Path root;
    private final Durable durable = new Durable();

    public LocalFileTree(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** Something that touches the disk. */
    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> T on(Path path, Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw FileFaults.of(path, e);
        }
    }

    @Override
    public Path root() {
        return root;
    }

    @Override
    public Path path(String name) {
        return confined(name, false);
    }

    /** The path of a name, after a look at the links on the way, and at the last one if it will be followed. */
    private Path confined(String name, boolean followLast) {
        Path path;
        try {
            Path relative = Path.of(name);
            for (Path part : relative) {
                if (part.toString().equals("..")) {
                    throw outside(name);
                }
            }
            if (relative.isAbsolute()) {
                throw outside(name);
            }
            path = root.resolve(relative).normalize();
        } catch (InvalidPathException e) {
            throw outside(name);
        }
        Path deepest = followLast || path.equals(root) ? path : path.getParent();
        while (deepest != null && !Files.exists(deepest, LinkOption.NOFOLLOW_LINKS)) {
            deepest = deepest.getParent();
        }
        if (deepest != null && deepest.startsWith(root) && !staysInside(deepest)) {
            throw outside(name);
        }
        return path;
    }

    private boolean staysInside(Path existing) {
        try {
            return existing.toRealPath().startsWith(root.toRealPath());
        } catch (IOException danglingLink) {
            return false;
        }
    }

    private PortException.Refused outside(String name) {
        return new PortException.Refused("file.outside", "the name leaves " + root + ": " + name);
    }

    @Override
    public Optional<byte[]> read(String name, int maxBytes) {
        Path path = confined(name, true);
        if (!Files.isRegularFile(path)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] content = in.readNBytes(maxBytes);
            if (in.read() >= 0) {
                throw new PortException.Refused("file.too-large", path + " has more than " + maxBytes + " bytes");
            }
            return Optional.of(content);
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        } catch (IOException e) {
            throw FileFaults.of(path, e);
        }
    }

    @Override
    public void replace(String name, byte[] content, int mode) {
        Path path = confined(name, false);
        on(path, () -> {
            Durable.makeDirectories(parent(path), 0700);
            durable.replace(path, content, t -> Files.setPosixFilePermissions(t, Durable.permissions(mode)));
            return path;
        });
    }

    @Override
    public void makeDirectory(String name, int mode) {
        Path path = confined(name, false);
        on(path, () -> {
            Durable.makeDirectories(path, mode);
            return path;
        });
    }

    @Override
    public void rename(String from, String to) {
        Path source = confined(from, false);
        Path target = confined(to, false);
        if (!Files.exists(source, LinkOption.NOFOLLOW_LINKS)) {
            throw new PortException.Refused("file.missing", "there is no " + source);
        }
        boolean directory = Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS);
        boolean swap = directory
                && Files.isDirectory(source, LinkOption.NOFOLLOW_LINKS)
                && entries(target).isEmpty();
        if (directory && !swap) {
            throw new PortException.Refused("file.exists", "there is a directory " + target);
        }
        on(target, () -> {
            Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            Durable.sync(parent(source));
            Durable.sync(parent(target));
            return target;
        });
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "the root of the file system has no parent");
    }

    @Override
    public void delete(String name) {
        Path path = confined(name, false);
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        on(path, () -> {
            Files.walkFileTree(path, new WholeTree.Remover());
            Durable.sync(parent(path));
            return path;
        });
    }

    @Override
    public Optional<Info> info(String name) {
        return info(confined(name, false), LinkOption.NOFOLLOW_LINKS);
    }

    static Optional<Info> info(Path path, LinkOption... links) {
        try {
            PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class, links);
            Kind kind = found.isRegularFile()
                    ? Kind.FILE
                    : found.isDirectory() ? Kind.DIRECTORY : found.isSymbolicLink() ? Kind.LINK : Kind.OTHER;
            return Optional.of(new Info(
                    kind,
                    found.size(),
                    Durable.mode(found.permissions()),
                    found.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (IOException e) {
            throw FileFaults.of(path, e);
        }
    }

    @Override
    public List<String> list(String name) {
        Path path = confined(name, true);
        return Files.isDirectory(path) ? entries(path) : List.of();
    }

    private static List<String> entries(Path directory) {
        return on(directory, () -> {
            try (Stream<Path> found = Files.list(directory)) {
                return found.map(entry -> directory.relativize(entry).toString())
                        .sorted()
                        .toList();
            } catch (UncheckedIOException e) {
                throw e.getCause(); // the disk failed between two entries
            }
        });
    }

    @Override
    public List<String> walk(String name) {
        Path path = confined(name, true);
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        return on(path, () -> {
            try (Stream<Path> found = Files.walk(path)) {
                return found.filter(entry -> !Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
                        .map(entry -> path.relativize(entry).toString())
                        .sorted()
                        .toList();
            }
        });
    }

    @Override
    public Writer write(String name, int mode) {
        Path path = confined(name, true);
        OutputStream out = on(path, () -> {
            Durable.makeDirectories(parent(path), 0700);
            OutputStream opened = Files.newOutputStream(path);
            Files.setPosixFilePermissions(path, Durable.permissions(mode));
            return opened;
        });
        return new FileWriter(path, out);
    }

    private record FileWriter(Path path, OutputStream out) implements Writer {
        @Override
        public void write(byte[] bytes, int offset, int length) {
            on(path, () -> {
                out.write(bytes, offset, length);
                return path;
            });
        }

        @Override
        public void close() {
            on(path, () -> {
                out.close();
                return path;
            });
        }
    }

    @Override
    public void sync(String name) {
        Path path = confined(name, false);
        on(path, () -> Files.walkFileTree(path, new WholeTree.Syncer()));
    }

    @Override
    public long freeBytes() {
        Path existing = root;
        while (!Files.exists(existing)) {
            existing = parent(existing);
        }
        Path there = existing;
        return on(there, () -> Files.getFileStore(there).getUsableSpace());
    }
}
