package io.machineroom.domain.deployment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What may come out of an archive: files and directories below its one top directory, each once, none too deep, not
 * too many, not too large. Modes become 0755 or 0644. One visit of one archive.
 */
final class UnpackRules implements ArchiveReader.Visitor {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_PART = 255;

    private final String top;
    private final FileTree tree;
    private final String into;
    private final int maxFiles;
    private final long maxBytes;
    private final Set<String> files = new HashSet<>();
    private int entries;
    private long bytes;
    private FileTree.@Nullable Writer open;

    /**
     * Rules of one archive.
     *
     * @param top its only top directory
     * @param into where the top directory goes, in the tree
     * @param maxBytes bound of all files
     */
    UnpackRules(String top, FileTree tree, String into, int maxFiles, long maxBytes) {
        this.top = top;
        this.tree = tree;
        this.into = into;
        this.maxFiles = maxFiles;
        this.maxBytes = maxBytes;
    }

    @Override
    public FileTree.@Nullable Writer entry(ArchiveReader.Entry entry) {
        close();
        if (++entries > maxFiles) {
            throw new PortException.Refused("archive.too-many", "the archive has more than " + maxFiles + " entries");
        }
        String name = clean(entry);
        if (name.isEmpty()) {
            return null;
        }
        if (entry.kind() == FileTree.Kind.DIRECTORY) {
            tree.makeDirectory(into + "/" + name, 0755);
            return null;
        }
        if (!files.add(name)) {
            throw refused(entry, "is in the archive twice");
        }
        if (entry.size() < 0 || entry.size() > maxBytes - bytes) {
            throw tooLarge();
        }
        tree.makeDirectory(into + "/" + name.substring(0, name.lastIndexOf('/')), 0755);
        Counted writer = new Counted(tree.write(into + "/" + name, (entry.mode() & 0111) != 0 ? 0755 : 0644));
        open = writer;
        return writer;
    }

    /** Closes what is still open. */
    void close() {
        FileTree.Writer last = open;
        if (last != null) {
            open = null;
            last.close();
        }
    }

    private String clean(ArchiveReader.Entry entry) {
        String name = entry.name().startsWith("./") ? entry.name().substring(2) : entry.name();
        name = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        if (entry.kind() != FileTree.Kind.FILE && entry.kind() != FileTree.Kind.DIRECTORY) {
            throw refused(entry, "is neither file nor directory");
        }
        if (name.isEmpty()
                && entry.kind() == FileTree.Kind.DIRECTORY
                && entry.name().equals("./")) {
            return "";
        }
        String[] parts = name.split("/", -1);
        if (parts.length > MAX_DEPTH) {
            throw refused(entry, "is nested too deeply");
        }
        for (String part : parts) {
            if (part.isEmpty()
                    || part.equals(".")
                    || part.equals("..")
                    || part.length() > MAX_PART
                    || part.chars().anyMatch(c -> c < 0x20 || c == '\\' || c == 0x7f)) {
                throw refused(entry, "has a forbidden name");
            }
        }
        boolean isTop = parts.length == 1 && entry.kind() == FileTree.Kind.DIRECTORY;
        if (!parts[0].equals(top) || (parts.length == 1 && !isTop)) {
            throw refused(entry, "is not below " + top + "/");
        }
        return name;
    }

    private static PortException.Refused refused(ArchiveReader.Entry entry, String why) {
        String name = entry.name().length() > 200 ? entry.name().substring(0, 200) + "…" : entry.name();
        return new PortException.Refused("archive.entry", "'" + name + "' " + why);
    }

    private PortException.Refused tooLarge() {
        return new PortException.Refused(
                "archive.too-large", "the archive unpacks to more than " + maxBytes + " bytes");
    }

    private final class Counted implements FileTree.Writer {
        private final FileTree.Writer inner;
        private boolean closed;

        Counted(FileTree.Writer inner) {
            this.inner = inner;
        }

        @Override
        public void write(byte[] content, int offset, int length) {
            bytes += length;
            if (bytes > maxBytes) {
                throw tooLarge();
            }
            inner.write(content, offset, length);
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                inner.close();
            }
        }
    }
}
