package io.machineroom.app.host;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.ArchiveWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/** Writes archives through commons-compress; beside the target first, then renamed. */
public final class CommonsArchiveWriter implements ArchiveWriter {
    @Override
    public void write(Path archive, List<Item> items) {
        Path next = archive.resolveSibling(archive.getFileName() + ".next");
        try {
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(next));
                    TarArchiveOutputStream tar =
                            new TarArchiveOutputStream(new GzipCompressorOutputStream(file, plain()))) {
                tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
                for (Item item : items) {
                    add(tar, item);
                }
            }
            Files.move(next, archive, StandardCopyOption.REPLACE_EXISTING);
        } catch (NoSuchFileException e) {
            throw new PortException.Refused("file.missing", e.getMessage() + " is missing", e);
        } catch (IOException e) {
            throw new PortException.Refused("output.denied", archive + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** Neither time nor name in the header: they would differ from run to run. */
    private static GzipParameters plain() {
        GzipParameters parameters = new GzipParameters();
        parameters.setModificationTime(0);
        parameters.setOperatingSystem(255);
        return parameters;
    }

    private static void add(TarArchiveOutputStream tar, Item item) throws IOException {
        Path content = item.content();
        TarArchiveEntry entry = new TarArchiveEntry(content == null ? item.name() + "/" : item.name());
        entry.setMode(item.mode());
        entry.setIds(0, 0);
        entry.setNames("", "");
        entry.setModTime(0);
        entry.setSize(content == null ? 0 : Files.size(content));
        tar.putArchiveEntry(entry);
        if (content != null) {
            Files.copy(content, tar);
        }
        tar.closeArchiveEntry();
    }
}
