package io.machineroom.app.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags that all {@code spool} commands share. */
final class SpoolOptions {
    @Mixin
    private ConfigOption config = new ConfigOption();

    @Option(
            names = "--directory",
            paramLabel = "DIR",
            description = "Another spool than that of the configuration; nobody may have it open.")
    private @Nullable Path directory;

    @Option(names = "--json", description = "Print JSON, one object a line.")
    private boolean json;

    Path config() {
        return config.file();
    }

    Optional<Path> directory() {
        return Optional.ofNullable(directory).map(d -> d.toAbsolutePath().normalize());
    }

    boolean isJson() {
        return json;
    }
}
