package io.machineroom.app.conformance.machines;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * Published vectors of machines. They are not part of this repository: system property {@code machineroom.vectors}
 * names their place, else {@code shared/spec/vectors} is looked for beside every parent folder; without them a test is
 * reported as aborted.
 */
final class MachineVectors {
    private final Path folder;

    private MachineVectors(Path folder) {
        this.folder = folder;
    }

    static MachineVectors find() {
        String property = System.getProperty("machineroom.vectors", "");
        Path found = property.isEmpty() ? search() : Path.of(property);
        boolean there = found != null && Files.isDirectory(found.resolve("machines"));
        Assumptions.assumeTrue(there, "no vectors: set -Dmachineroom.vectors to the folder that holds machines");
        return new MachineVectors(java.util.Objects.requireNonNull(found).resolve("machines"));
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    byte[] bytes(String name) {
        try {
            return Files.readAllBytes(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String name) {
        return new String(bytes(name), java.nio.charset.StandardCharsets.UTF_8);
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
