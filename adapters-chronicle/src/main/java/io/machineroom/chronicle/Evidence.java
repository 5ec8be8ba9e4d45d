package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Sets damaged bytes aside, each once per opening, at most a hundred of them; counts all. */
final class Evidence {
    private static final System.Logger LOG = System.getLogger(Evidence.class.getName());
    private static final int MAX_FILES = 100;

    private final Path directory;
    private final Disk disk;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    Evidence(Path directory, Disk disk) {
        this.directory = directory;
        this.disk = disk;
    }

    long count() {
        return seen.size();
    }

    void keep(String journal, long index, int offset, ByteBuffer bytes) {
        String name = journal + "-" + Long.toHexString(index) + "-" + offset + ".bin";
        if (seen.add(name) && seen.size() <= MAX_FILES) {
            LOG.log(System.Logger.Level.ERROR, "a damaged record is set aside as " + directory.resolve(name));
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            try {
                disk.makeDirectory(directory);
                disk.replace(directory.resolve(name), copy);
            } catch (PortException e) {
                LOG.log(System.Logger.Level.WARNING, "and could not be kept", e);
            }
        }
    }
}
