package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.TimeSource;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The disk of a simulated host, shared by its file trees, archives and downloads. It tells what was
 * written from what was synced: {@link #crash} keeps the latter and draws what becomes of the rest,
 * {@link #moment} leaves the choice to the test.
 */
public final class SimDisk {
    private final SimInode root;
    private final TimeSource time;
    private final SplittableRandom luck;
    private Consumer<String> step = what -> {};
    private long capacity = Long.MAX_VALUE;
    private final SimPaths paths;
    private boolean broken;
    private @Nullable SimHistory history;
    private boolean links;
    private long steps;

    public SimDisk(TimeSource time, long seed) {
        this.time = time;
        luck = new SplittableRandom(seed);
        root = new SimInode(FileTree.Kind.DIRECTORY, "", 0755, time.wall());
        paths = new SimPaths(root);
    }

    // --- faults --------------------------------------------------------------------------------

    /**
     * Is told of each primitive step ({@code write /a}, {@code sync /a}, {@code rename /a /b}) before it
     * happens: the place to crash a node or to throw.
     */
    public SimDisk beforeEachStep(Consumer<String> hook) {
        step = hook;
        return this;
    }

    /** Limits the bytes on the disk; writes beyond are {@code file.disk}. */
    public SimDisk capacity(long bytes) {
        capacity = bytes;
        return this;
    }

    /** Lets every write fail with {@code file.disk}, or heals the disk. */
    public SimDisk broken(boolean now) {
        broken = now;
        return this;
    }

    /** Power cut: what was not synced is drawn. */
    public void crash() {
        root.crash(luck);
    }

    /** From now on remembers each change, for {@link #moment}; what is there now counts as synced. */
    public SimDisk record() {
        root.syncAll();
        history = new SimHistory(root);
        return this;
    }

    /** What a power cut now could leave. Only after {@link #record}. */
    public SimMoment moment() {
        SimHistory known = history;
        if (known == null) {
            throw new IllegalStateException("this disk does not record");
        }
        return known.moment();
    }

    SimInode root() {
        return root;
    }

    /** Takes what is on the other disk, as a power cut would leave it there: a snapshot, a clone. */
    public void becomes(SimDisk other) {
        root.becomes(other.root);
        links |= other.links;
        root.crash(luck);
    }

    /** Whether there ever was a link here; without one every path is what it says. */
    boolean hasLinks() {
        return links;
    }

    /** Steps that wrote or renamed so far. */
    public long steps() {
        return steps;
    }

    // --- what the ports of this kit use ----------------------------------------------------------

    public long freeBytes() {
        return capacity == Long.MAX_VALUE ? 1L << 40 : Math.max(0, capacity - root.bytes());
    }

    /** The content of a file, links followed; empty when there is no such file. */
    public Optional<byte[]> content(Path path) {
        SimInode node = find(path, true);
        return node == null || node.kind() != FileTree.Kind.FILE
                ? Optional.empty()
                : Optional.of(node.content().clone());
    }

    /** Writes a file with mode 0644 and its parents, unsynced. */
    public void put(Path path, byte[] bytes) {
        write(path, bytes, 0644);
    }

    /** Makes a symbolic link. */
    public void link(Path path, String target) {
        links = true;
        enter(parent(path), path, new SimInode(FileTree.Kind.LINK, target, 0777, time.wall()));
    }

    SimInode write(Path path, byte[] bytes, int mode) {
        before("write " + path);
        SimInode node = find(path, true);
        if (node == null) {
            node = new SimInode(FileTree.Kind.FILE, "", mode, time.wall());
            enter(directories(path.getParent(), 0700), path, node);
        }
        if (bytes.length - node.content().length > freeBytes()) {
            throw full(path);
        }
        if (history != null) {
            history.rewritten(node, node.content().length, bytes);
        }
        node.write(bytes.clone(), time.wall());
        node.mode(mode);
        return node;
    }

    private void enter(SimInode directory, Path path, SimInode node) {
        directory.entries().put(name(path), node);
        if (history != null) {
            history.named(directory, name(path), node);
        }
    }

    private void synced(SimInode node) {
        node.sync();
        if (history != null) {
            history.synced(node);
        }
    }

    void append(Path path, SimInode node, byte[] bytes, int offset, int length) {
        before("write " + path);
        byte[] old = node.content();
        if (length > freeBytes()) {
            throw full(path);
        }
        byte[] grown = Arrays.copyOf(old, old.length + length);
        System.arraycopy(bytes, offset, grown, old.length, length);
        if (history != null) {
            history.appended(node, old.length, Arrays.copyOfRange(bytes, offset, offset + length));
        }
        node.write(grown, time.wall());
    }

    SimInode directories(Path path, int mode) {
        SimInode there = find(path, true);
        if (there != null && there.kind() == FileTree.Kind.DIRECTORY) {
            return there;
        }
        SimInode at = root;
        for (int depth = 1; depth <= path.getNameCount(); depth++) {
            Path here = path.getRoot().resolve(path.subpath(0, depth));
            SimInode next = find(here, true);
            if (next == null) {
                before("mkdir " + here);
                next = new SimInode(FileTree.Kind.DIRECTORY, "", mode, time.wall());
                enter(at, here, next);
                before("sync " + here.getParent());
                synced(at);
            }
            if (next.kind() != FileTree.Kind.DIRECTORY) {
                throw new PortException.Refused("file.exists", path + " goes through a file");
            }
            at = next;
        }
        return at;
    }

    void sync(Path path) {
        before("sync " + path);
        SimInode node = find(path, false);
        if (node != null) {
            synced(node);
        }
    }

    void syncAll(Path path) {
        before("sync " + path);
        SimInode node = find(path, false);
        if (node != null) {
            syncAll(node);
        }
    }

    private void syncAll(SimInode node) {
        node.entries().values().forEach(this::syncAll);
        synced(node);
    }

    void rename(Path from, Path to) {
        before("rename " + from + " " + to);
        SimInode moved = find(from, false);
        SimInode there = find(to, false);
        if (moved == null) {
            throw new PortException.Refused("file.missing", "there is no " + from);
        }
        if (there != null && there.kind() == FileTree.Kind.DIRECTORY && there != moved) {
            boolean swap =
                    moved.kind() == FileTree.Kind.DIRECTORY && there.entries().isEmpty();
            if (!swap) {
                throw new PortException.Refused("file.exists", "there is a directory " + to);
            }
        }
        SimInode source = parent(from);
        SimInode target = parent(to);
        source.entries().remove(name(from));
        target.entries().put(name(to), moved);
        if (history != null) {
            history.moved(source, name(from), target, name(to), moved);
        }
    }

    /** Removes a file, or a directory from the bottom up, one step for each name, as programs must. */
    void remove(Path path) {
        SimInode node = find(path, false);
        if (node != null) {
            List.copyOf(node.entries().keySet()).forEach(name -> remove(path.resolve(name)));
        }
        before("remove " + path);
        SimInode parent = find(path.getParent(), true);
        if (parent != null && parent.entries().remove(name(path)) != null && history != null) {
            history.unnamed(parent, name(path));
        }
    }

    /** What is at a path; parents that are links are followed, the last one as asked. */
    @Nullable SimInode find(Path path, boolean followLast) {
        return paths.find(path, followLast);
    }

    /** The path with all links of its parents, and of itself if asked, resolved. */
    Path real(Path path, boolean followLast) {
        return links ? paths.real(path, followLast) : path;
    }

    private SimInode parent(Path path) {
        SimInode parent = find(path.getParent(), true);
        if (parent == null || parent.kind() != FileTree.Kind.DIRECTORY) {
            throw new PortException.Refused("file.missing", "there is no directory " + path.getParent());
        }
        return parent;
    }

    private static String name(Path path) {
        return path.getFileName().toString();
    }

    private void before(String what) {
        steps++;
        step.accept(what);
        if (broken) {
            throw new PortException.Unavailable("file.disk", "the disk is broken: " + what);
        }
    }

    private static PortException.Unavailable full(Path path) {
        return new PortException.Unavailable("file.disk", "no space left for " + path);
    }
}
