package io.machineroom.app.host;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks programs up in a PATH, by default that of this process. */
final class SearchPath {
    private final @Nullable String path;

    SearchPath() {
        this(System.getenv("PATH"));
    }

    SearchPath(@Nullable String path) {
        this.path = path;
    }

    /** The path itself; that of a bare system when the environment has none. */
    String text() {
        return path == null ? "/usr/local/bin:/usr/bin:/bin" : path;
    }

    /** The program; empty when there is none, or when the name holds a separator. */
    Optional<Path> find(String program) {
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
