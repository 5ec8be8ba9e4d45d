package io.machineroom.app.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks programs up in the PATH of this process. */
final class SearchPath {
    /** The path itself; that of a bare system when the environment has none. */
    String text() {
        String path = System.getenv("PATH");
        return path == null ? "/usr/local/bin:/usr/bin:/bin" : path;
    }

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
