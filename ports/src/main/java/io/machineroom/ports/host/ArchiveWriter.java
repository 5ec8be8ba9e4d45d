package io.machineroom.ports.host;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a {@code tar.gz}, the same bytes for the same input: entries in the order given, owner 0, times 0.
 * For the vendor's tools; no use case of the domain calls it.
 */
public interface ArchiveWriter {
    /**
     * Writes an archive as a whole, mode 0644; an older one is replaced.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code output.denied}, {@code file.missing}
     */
    void write(Path archive, List<Item> items);

    /**
     * One entry.
     *
     * @param name name in the archive, {@code /} between parts
     * @param mode permission bits
     * @param content file with the bytes; null for a directory
     */
    record Item(String name, int mode, @Nullable Path content) {
        public static Item directory(String name, int mode) {
            return new Item(name, mode, null);
        }

        public static Item file(String name, int mode, Path content) {
            return new Item(name, mode, content);
        }
    }
}
