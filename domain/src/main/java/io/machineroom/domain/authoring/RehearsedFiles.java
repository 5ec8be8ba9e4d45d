package io.machineroom.domain.authoring;

import io.machineroom.domain.watcher.Trees;
import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of a rehearsal: those that its script wrote or a watcher wrote meanwhile, kept in memory, and below them
 * the directories of the machines as they are, which nobody changes. Nothing else is there. One task of virtual time
 * runs at once.
 */
final class RehearsedFiles implements HostFiles {
    /** All files of a rehearsal together. */
    private static final long MOST_BYTES = 256L << 20;

    private static final int MOST_OF_ONE = 16 << 20;
    private static final Owner ROOT = new Owner("root", "root");

    private final AuthorPorts ports;
    private final List<Path> directories;
    private final TimeSource time;
    /** By path, so that what is below a directory stands together. */
    private final NavigableMap<String, Kept> kept = new TreeMap<>();
    /** Places whose real files are not to be seen any more, with all below them. */
    private final Set<Path> hidden = new HashSet<>();

    private long bytes;

    RehearsedFiles(AuthorPorts ports, List<Path> directories, TimeSource time) {
        this.ports = ports;
        this.directories = List.copyOf(directories);
        this.time = time;
    }

    /**
     * A file or a directory in memory.
     *
     * @param origin a real file that holds the content; empty when {@code content} does
     */
    private record Kept(
            FileTree.Kind kind, byte[] content, Optional<Path> origin, long size, int mode, Owner owner, Instant at) {}

    /** Writes a file of the script; a relative path begins at the first machine. */
    void write(String path, String text) {
        replace(place(path), text.getBytes(StandardCharsets.UTF_8), 0644, "", "");
    }

    void remove(String path) {
        delete(place(path));
    }

    /** A path of the script; a relative one begins at the first machine. */
    Path place(String path) {
        return directories.getFirst().resolve(path).normalize();
    }

    /** A tree below any path. */
    Trees trees() {
        return root -> new RehearsedTree(this, root.normalize());
    }

    private Optional<Kept> mine(Path path) {
        return Optional.ofNullable(kept.get(path.toString()));
    }

    /** The directory of a machine whose real file is seen at this path. */
    private Optional<Path> real(Path path) {
        boolean covered = kept.containsKey(path.toString()) || hidden.stream().anyMatch(path::startsWith);
        return covered
                ? Optional.empty()
                : directories.stream().filter(path::startsWith).findFirst();
    }

    private NavigableMap<String, Kept> below(Path path) {
        return kept.subMap(path + "/", true, path + "0", false);
    }

    @Override
    public Optional<FileTree.Info> info(Path path) {
        Path at = path.normalize();
        Optional<FileTree.Info> own = real(at).isPresent()
                ? ports.files().info(at)
                : mine(at).map(k -> new FileTree.Info(k.kind(), k.size(), k.mode(), k.at()));
        return own.isEmpty() && !below(at).isEmpty()
                ? Optional.of(new FileTree.Info(FileTree.Kind.DIRECTORY, 0, 0755, time.wall()))
                : own;
    }

    @Override
    public Optional<String> sha256(Path path) {
        Path at = path.normalize();
        Signatures signatures = ports.signatures();
        return real(at).isPresent()
                ? ports.files().sha256(at)
                : file(at).map(k ->
                        k.origin().isPresent() ? signatures.sha256(k.origin().get()) : signatures.sha256(k.content()));
    }

    private Optional<Kept> file(Path at) {
        return mine(at).filter(k -> k.kind() == FileTree.Kind.FILE);
    }

    @Override
    public Optional<byte[]> read(Path path, int maxBytes) {
        Path at = path.normalize();
        if (real(at).isPresent()) {
            return ports.files().read(at, maxBytes);
        }
        file(at).filter(k -> k.size() > maxBytes).ifPresent(k -> {
            throw new PortException.Refused("file.too-large", at + " is larger than " + maxBytes + " bytes");
        });
        return file(at).flatMap(k -> k.origin().isPresent()
                ? ports.files().read(k.origin().get(), maxBytes)
                : Optional.of(k.content().clone()));
    }

    /** The real file whose content a file of the rehearsal has, or itself when it is real. */
    Optional<Path> origin(Path path) {
        Path at = path.normalize();
        return real(at).isPresent() ? Optional.of(at) : mine(at).flatMap(Kept::origin);
    }

    @Override
    public Optional<Owner> owner(Path path) {
        Path at = path.normalize();
        return real(at).isPresent() ? ports.files().owner(at) : mine(at).map(Kept::owner);
    }

    @Override
    public void replace(Path path, byte[] content, int mode, String owner, String group) {
        Path at = path.normalize();
        if (content.length > MOST_OF_ONE) {
            throw new PortException.Refused("file.too-large", at + " is larger than " + MOST_OF_ONE + " bytes");
        }
        Owner before = owner(at).orElse(ROOT);
        Owner now = new Owner(owner.isEmpty() ? before.user() : owner, group.isEmpty() ? before.group() : group);
        put(at, new Kept(FileTree.Kind.FILE, content.clone(), Optional.empty(), content.length, mode, now, now()));
    }

    /** Lets a file have the content of a real one, which is read when somebody asks. */
    void copy(Path origin, long size, Path to) {
        put(to, new Kept(FileTree.Kind.FILE, new byte[0], Optional.of(origin), size, 0600, ROOT, now()));
    }

    void directory(Path path, int mode) {
        if (info(path).isEmpty()) {
            put(path, new Kept(FileTree.Kind.DIRECTORY, new byte[0], Optional.empty(), 0, mode, ROOT, now()));
        }
    }

    private Instant now() {
        return time.wall();
    }

    private void put(Path at, Kept file) {
        long held = file.content().length
                - mine(at).map(k -> (long) k.content().length).orElse(0L);
        if (bytes + held > MOST_BYTES) {
            throw new PortException.Unavailable(
                    "file.disk", "a rehearsal keeps at most " + (MOST_BYTES >> 20) + " MiB of files in memory");
        }
        bytes += held;
        kept.put(at.toString(), file);
    }

    /** How many bytes may still be written. */
    long free() {
        return MOST_BYTES - bytes;
    }

    void delete(Path path) {
        Path at = path.normalize();
        mine(at).ifPresent(k -> bytes -= k.content().length);
        below(at).values().forEach(k -> bytes -= k.content().length);
        below(at).clear();
        kept.remove(at.toString());
        hidden.add(at);
    }

    /** Moves a file, or a directory with all in it; what was there is replaced. */
    void rename(Path from, Path to) {
        NavigableMap<String, Kept> moved = new TreeMap<>();
        for (String name : walk(from)) {
            moved.put("/" + name, here(from.resolve(name)));
        }
        below(from)
                .forEach((path, k) ->
                        moved.putIfAbsent(path.substring(from.toString().length()), k));
        Kept top = here(from);
        delete(from);
        delete(to);
        put(to, top);
        moved.forEach((name, k) -> put(Path.of(to + name), k));
    }

    /** A file or directory as one in memory; a real file stays the origin of its content. */
    private Kept here(Path path) {
        FileTree.Info info =
                info(path).orElseThrow(() -> new PortException.Refused("file.missing", "there is no " + path));
        return mine(path)
                .orElseGet(() -> new Kept(
                        info.kind(),
                        new byte[0],
                        info.kind() == FileTree.Kind.FILE ? Optional.of(path) : Optional.empty(),
                        info.kind() == FileTree.Kind.FILE ? info.size() : 0,
                        info.mode(),
                        owner(path).orElse(ROOT),
                        info.modified()));
    }

    /** Names directly below a directory, sorted. */
    List<String> list(Path directory) {
        NavigableSet<String> names = new TreeSet<>();
        int from = directory.toString().length() + 1;
        below(directory).keySet().forEach(path -> names.add(path.substring(from).split("/", 2)[0]));
        real(directory)
                .ifPresent(root -> ports
                        .trees()
                        .at(root)
                        .list(root.relativize(directory).toString())
                        .stream()
                        .filter(name -> !hidden.contains(directory.resolve(name)))
                        .forEach(names::add));
        return List.copyOf(names);
    }

    /** Names of all files below a directory, sorted. */
    List<String> walk(Path directory) {
        NavigableSet<String> names = new TreeSet<>();
        for (String name : list(directory)) {
            Path child = directory.resolve(name);
            if (info(child).filter(i -> i.kind() == FileTree.Kind.DIRECTORY).isPresent()) {
                walk(child).forEach(below -> names.add(name + "/" + below));
            } else {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }

    @Override
    public boolean onPath(String program) {
        return Set.of("sh", "true", "false").contains(program);
    }
}
