package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/** {@code tar.gz} through Apache Commons Compress. Stateless. */
public final class CommonsArchiveReader implements ArchiveReader {
    private static final int BUFFER = 64 * 1024;

    @Override
    public void read(Path archive, Visitor visitor) {
        try (InputStream file = Files.newInputStream(archive);
                TarArchiveInputStream tar =
                        new TarArchiveInputStream(new GzipCompressorInputStream(new BufferedInputStream(file)))) {
            byte[] buffer = new byte[BUFFER];
            for (TarArchiveEntry entry = next(tar); entry != null; entry = next(tar)) {
                one(tar, entry, visitor, buffer);
            }
        } catch (IOException e) {
            throw new PortException.Refused(
                    "archive.unreadable", archive.getFileName() + " is no readable tar.gz: " + e.getMessage(), e);
        }
    }

    /** The library calls some damaged headers an illegal argument; what a visitor throws is none of that. */
    private static @Nullable TarArchiveEntry next(TarArchiveInputStream tar) throws IOException {
        try {
            return tar.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new IOException("a damaged header", e);
        }
    }

    private static void one(TarArchiveInputStream tar, TarArchiveEntry entry, Visitor visitor, byte[] buffer)
            throws IOException {
        FileTree.Writer into =
                visitor.entry(new Entry(entry.getName(), kind(entry), entry.getSize(), entry.getMode() & 07777));
        if (into == null) {
            return;
        }
        try (into) {
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                into.write(buffer, 0, n);
            }
        }
    }

    private static FileTree.Kind kind(TarArchiveEntry entry) {
        if (entry.isSymbolicLink() || entry.isLink()) {
            return FileTree.Kind.LINK;
        }
        if (entry.isDirectory()) {
            return FileTree.Kind.DIRECTORY;
        }
        return entry.isFile()
                        && !entry.isSparse()
                        && !entry.isCharacterDevice()
                        && !entry.isBlockDevice()
                        && !entry.isFIFO()
                ? FileTree.Kind.FILE
                : FileTree.Kind.OTHER;
    }
}
