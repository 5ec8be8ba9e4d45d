package io.machineroom.app.cli;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The {@code --config} flag that most commands share. */
final class ConfigOption {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The configuration file; its folder holds the agent's files.")
    private Path file = Path.of("agent.cfg");

    Path file() {
        return file.toAbsolutePath().normalize();
    }

    /** The configuration as it stands. */
    ConfigSource source(AgentOptions options) {
        return new ConfigSource(new ConfigLoader(options.defaults(), System.getenv()), file());
    }
}
