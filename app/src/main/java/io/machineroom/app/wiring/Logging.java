package io.machineroom.app.wiring;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.config.Config;
import io.machineroom.app.graph.LogControl;
import io.machineroom.app.host.LogSetup;
import io.machineroom.ports.PortException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** The log of an agent, as its configuration wants it. */
public final class Logging implements LogControl {
    Logging() {}

    /** To be called before anything logs. */
    public static void early() {
        LogSetup.early();
    }

    @Override
    public void start(Config config, boolean debug) {
        boolean json = config.choice("log.format").equals("json");
        Optional<Path> file = config.text("log.file").map(_ -> config.path("log.file"));
        try {
            LogSetup.apply(
                    debug ? "debug" : config.choice("log.level"),
                    json ? Optional.of(new JacksonJson()) : Optional.empty(),
                    file);
        } catch (IOException e) {
            throw new PortException.Unavailable(
                    "file.disk", "the log file " + file.orElse(Path.of("")) + " cannot be written; set log.file", e);
        }
    }

    @Override
    public void flush() {
        LogSetup.flush();
    }
}
