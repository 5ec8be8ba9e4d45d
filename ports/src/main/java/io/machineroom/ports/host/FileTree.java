package io.machineroom.ports.host;

import io.machineroom.ports.Port;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Files below one root. Names are relative, with {@code /} between parts; a name that leaves the root,
 * also through a symbolic link, is {@code Refused("file.outside")}. Safe from any task.
 *
 * <p>A full or broken disk is {@code Unavailable("file.disk")}; a missing file where one is needed is
 * {@code Refused("file.missing")}.
 */
@Port
public interface FileTree {
    /** The root, absolute. */
    Path root();

    /** The absolute path of a confined name. */
    Path path(String name);

    /** The content; empty when there is no such file. Larger than the bound is {@code file.too-large}. */
    Optional<byte[]> read(String name, int maxBytes);

    /**
     * Replaces a file as a whole: temporary file, sync, rename, sync of the directory. Readers see the
     * old content or the new, also after a power cut. Missing parents are made with mode 0700.
     *
     * @param mode permission bits, {@code 0600}
     */
    void replace(String name, byte[] content, int mode);

    /** Makes a directory and its parents; no error when it is there. */
    void makeDirectory(String name, int mode);

    /** Renames within the tree, replacing a file at the target, and syncs both directories. */
    void rename(String from, String to);

    /**
     * Removes a file or a whole directory, and syncs the directory it was in: it does not come back after a power cut.
     * Links are removed, not followed. No error when absent.
     */
    void delete(String name);

    /** What is there; empty when nothing. Links are not followed. */
    Optional<Info> info(String name);

    /** Names directly below a directory, sorted; empty when there is none. */
    List<String> list(String name);

    /** Relative names of all files and links below a directory, sorted, directories left out. */
    List<String> walk(String name);

    /** Opens a file for writing in pieces; it appears under its name at once, without a sync. */
    Writer write(String name, int mode);

    /** Syncs everything below a directory, files first. */
    void sync(String name);

    /** Bytes that this process may still write on the file system of the root. */
    long freeBytes();

    /** Kind, size, permission bits and last change. */
    record Info(Kind kind, long size, int mode, Instant modified) {}

    /** Kind of a file. */
    enum Kind {
        FILE,
        DIRECTORY,
        LINK,
        OTHER
    }

    /** Writes one file. */
    interface Writer extends AutoCloseable {
        void write(byte[] bytes, int offset, int length);

        @Override
        void close();
    }
}
