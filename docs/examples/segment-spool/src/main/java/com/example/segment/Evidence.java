package com.example.segment;

import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Keeps damaged bytes, at most a hundred pieces; counts all, each once. */
final class Evidence {
    private static final int MOST = 100;

    private final Path directory;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();

    Evidence(Path root) {
        this.directory = root.resolve("evidence");
    }

    long count() {
        return seen.size();
    }

    void keep(Lane lane, long segment, int offset, ByteBuffer bytes) {
        String name = lane.wireName() + "-" + segment + "-" + offset + ".bin";
        if (seen.add(name) && seen.size() <= MOST) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            System.Logger log = System.getLogger(Evidence.class.getName());
            log.log(System.Logger.Level.ERROR, "damaged bytes are kept as " + directory.resolve(name));
            try {
                Files.write(Store.makeDirectory(directory).resolve(name), copy);
            } catch (IOException e) {
                log.log(System.Logger.Level.WARNING, "and could not be", e);
            }
        }
    }
}
