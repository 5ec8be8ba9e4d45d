package io.machineroom.app.conformance.tokens;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * A folder of published vectors. They are not part of this repository: system property
 * {@code machineroom.vectors} names their place, else {@code shared/spec/vectors} is looked for beside
 * every parent folder; without them a test is reported as aborted.
 */
final class Vectors {
    private final Path folder;

    private Vectors(Path folder) {
        this.folder = folder;
    }

    static Vectors of(String name) {
        String property = System.getProperty("machineroom.vectors", "");
        Path found = property.isEmpty() ? search() : Path.of(property);
        boolean there = found != null && Files.isDirectory(found.resolve(name));
        Assumptions.assumeTrue(there, "no vectors: set -Dmachineroom.vectors to the folder that holds " + name);
        return new Vectors(java.util.Objects.requireNonNull(found).resolve(name));
    }

    /** The text of a file, as it is. */
    String text(String file) {
        try {
            return Files.readString(folder.resolve(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static @org.jspecify.annotations.Nullable Path search() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve("shared/spec/vectors");
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return null;
    }
}
