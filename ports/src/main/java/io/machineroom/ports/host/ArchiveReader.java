package io.machineroom.ports.host;

import io.machineroom.ports.Port;
import java.nio.file.Path;

/** Reads a {@code tar.gz}. Knows the format and nothing of what may come out of it. */
@Port
public interface ArchiveReader {
    /**
     * Hands every entry to the visitor in the order of the archive. What the visitor throws ends it.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code archive.unreadable} for damaged input
     */
    void read(Path archive, Visitor visitor);

    /** Takes entries. */
    interface Visitor {
        /** A new entry; returns where its bytes go, or null to skip them. */
        FileTree.@org.jspecify.annotations.Nullable Writer entry(Entry entry);
    }

    /**
     * Head of one entry as written in the archive.
     *
     * @param name name as given, unchecked
     * @param kind file, directory, link or other (devices, FIFOs)
     * @param size bytes declared
     * @param mode permission bits declared
     */
    record Entry(String name, FileTree.Kind kind, long size, int mode) {}
}
