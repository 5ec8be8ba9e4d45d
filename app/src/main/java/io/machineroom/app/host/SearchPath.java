package io.machineroom.app.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks programs up in the PATH of this process. */
final class SearchPath {
    /** The program; empty when there is none, or when the name holds a separator. */
    Optional<Path> find(String program) {
        String path = System.getenv("PATH");
        if (path == null || program.isEmpty() || program.contains("/")) {
            return Optional.empty();
        }
        for (String directory : path.split(":", -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, program);
            if (Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return Optional.of(candidate.toAbsolutePath());
            }
        }
        return Optional.empty();
    }
}
