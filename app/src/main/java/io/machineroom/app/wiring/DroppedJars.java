package io.machineroom.app.wiring;

import io.machineroom.ports.PortException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;

/**
 * The jars in {@code lib/}, also those that no manifest names because somebody put them there. What the class path has
 * comes from the class path.
 */
final class DroppedJars {
    private DroppedJars() {}

    /** A loader over all of them; the caller keeps it as long as the process lives. */
    static ClassLoader loader(Class<?> ours) {
        Path lib = lib(ours);
        List<URL> jars = new ArrayList<>();
        if (Files.isDirectory(lib)) {
            try (var files = Files.list(lib)) {
                for (Path file : files.filter(f -> f.toString().endsWith(".jar"))
                        .sorted()
                        .toList()) {
                    jars.add(file.toUri().toURL());
                }
            } catch (IOException e) {
                throw new PortException.Unavailable("file.disk", "cannot list " + lib, e);
            }
        }
        return new URLClassLoader("lib", jars.toArray(new URL[0]), ours.getClassLoader());
    }

    /** Beside the jar of a class, or the folder that this jar is in when it is called so. */
    static Path lib(Class<?> ours) {
        CodeSource source = ours.getProtectionDomain().getCodeSource();
        try {
            Path jar =
                    source == null ? Path.of("") : Path.of(source.getLocation().toURI());
            Path folder = jar.toAbsolutePath().resolveSibling(".").normalize();
            return folder.endsWith("lib") ? folder : folder.resolve("lib");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("where is " + source, e);
        }
    }
}
