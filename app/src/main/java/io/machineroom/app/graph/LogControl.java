package io.machineroom.app.graph;

import io.machineroom.app.config.Config;

/** The log of the process. */
public interface LogControl {
    /**
     * Applies {@code log.level}, {@code log.format} and {@code log.file}.
     *
     * @param debug whether the level is debug whatever the configuration says
     * @throws io.machineroom.ports.PortException.Unavailable {@code file.disk} when the log file cannot be written
     */
    void start(Config config, boolean debug);

    /** Brings out what was logged. */
    void flush();
}
