package io.machineroom.domain.authoring;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of a rehearsal: those that its script wrote or a watcher wrote meanwhile, kept in memory, and below them
 * the directories of the machines as they are, which nobody changes. Nothing else is there. One task of virtual time
 * runs at once.
 */
final class RehearsedFiles implements HostFiles {
    private static final int MOST_BYTES = 16 * 1024 * 1024;

    private final HostFiles real;
    private final List<Path> directories;
    private final Signatures signatures;
    private final TimeSource time;
    private final Map<Path, Optional<Kept>> kept = new HashMap<>();

    RehearsedFiles(HostFiles real, List<Path> directories, Signatures signatures, TimeSource time) {
        this.real = real;
        this.directories = List.copyOf(directories);
        this.signatures = signatures;
        this.time = time;
    }

    private record Kept(byte[] content, int mode, Owner owner, Instant modified) {}

    /** Writes a file of the script; a relative path begins at the first machine. */
    void write(String path, String text) {
        replace(place(path), text.getBytes(StandardCharsets.UTF_8), 0644, "", "");
    }

    void remove(String path) {
        kept.put(place(path), Optional.empty());
    }

    private Path place(String path) {
        return directories.getFirst().resolve(path).normalize();
    }

    private boolean below(Path path) {
        return !kept.containsKey(path) && directories.stream().anyMatch(path::startsWith);
    }

    private Optional<Kept> mine(Path path) {
        return kept.getOrDefault(path, Optional.empty());
    }

    @Override
    public Optional<FileTree.Info> info(Path path) {
        Path at = path.normalize();
        return below(at)
                ? real.info(at)
                : mine(at).map(k -> new FileTree.Info(FileTree.Kind.FILE, k.content().length, k.mode(), k.modified()));
    }

    @Override
    public Optional<String> sha256(Path path) {
        Path at = path.normalize();
        return below(at) ? real.sha256(at) : mine(at).map(k -> signatures.sha256(k.content()));
    }

    @Override
    public Optional<byte[]> read(Path path, int maxBytes) {
        Path at = path.normalize();
        if (below(at)) {
            return real.read(at, maxBytes);
        }
        mine(at).filter(k -> k.content().length > maxBytes).ifPresent(k -> {
            throw new PortException.Refused("file.too-large", at + " is larger than " + maxBytes + " bytes");
        });
        return mine(at).map(k -> k.content().clone());
    }

    @Override
    public Optional<Owner> owner(Path path) {
        Path at = path.normalize();
        return below(at) ? real.owner(at) : mine(at).map(Kept::owner);
    }

    @Override
    public void replace(Path path, byte[] content, int mode, String owner, String group) {
        Path at = path.normalize();
        if (content.length > MOST_BYTES) {
            throw new PortException.Refused("file.too-large", at + " is larger than " + MOST_BYTES + " bytes");
        }
        Owner before = owner(at).orElse(new Owner("root", "root"));
        Owner now = new Owner(owner.isEmpty() ? before.user() : owner, group.isEmpty() ? before.group() : group);
        kept.put(at, Optional.of(new Kept(content.clone(), mode, now, time.wall())));
    }

    @Override
    public boolean onPath(String program) {
        return Set.of("sh", "true", "false").contains(program);
    }
}
