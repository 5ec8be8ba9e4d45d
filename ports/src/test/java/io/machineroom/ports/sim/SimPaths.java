package io.machineroom.ports.sim;

import io.machineroom.ports.host.FileTree;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Walks the paths of a simulated disk, through its links. */
final class SimPaths {
    private final SimInode root;
    private final Map<Path, String[]> known = new HashMap<>();

    SimPaths(SimInode root) {
        this.root = root;
    }

    /** What is at a path; parents that are links are followed, the last one as asked. */
    @Nullable SimInode find(Path path, boolean followLast) {
        return find(path, followLast, 0);
    }

    private @Nullable SimInode find(Path path, boolean followLast, int hops) {
        SimInode at = root;
        String[] parts = parts(path);
        for (int i = 0; i < parts.length; i++) {
            SimInode next = at.entries().get(parts[i]);
            boolean last = i == parts.length - 1;
            if (next != null && next.kind() == FileTree.Kind.LINK && (!last || followLast)) {
                Path walked = i == 0 ? path.getRoot() : path.getRoot().resolve(path.subpath(0, i));
                Path rest = last ? Path.of("") : path.subpath(i + 1, path.getNameCount());
                Path there = walked.resolve(next.target()).normalize().resolve(rest);
                return hops > 20 ? null : find(there.normalize(), followLast, hops + 1);
            }
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }

    /** Taking a path apart costs more than everything else here. */
    private String[] parts(Path path) {
        if (known.size() > 10_000) {
            known.clear();
        }
        return known.computeIfAbsent(path, p -> {
            String[] parts = new String[p.getNameCount()];
            for (int i = 0; i < parts.length; i++) {
                parts[i] = p.getName(i).toString();
            }
            return parts;
        });
    }

    /** The path with all links of its parents, and of itself if asked, resolved. */
    Path real(Path path, boolean followLast) {
        Path walked = path.getRoot();
        for (int i = 0; i < path.getNameCount(); i++) {
            Path next = walked.resolve(path.getName(i));
            SimInode node = find(next, false);
            boolean last = i == path.getNameCount() - 1;
            walked = node != null && node.kind() == FileTree.Kind.LINK && (!last || followLast)
                    ? real(walked.resolve(node.target()).normalize(), true)
                    : next;
        }
        return walked;
    }
}
