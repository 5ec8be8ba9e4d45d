package io.machineroom.app.wiring;

import io.machineroom.app.config.Config;
import java.nio.file.Path;

/** Where an agent keeps what commands look for. */
public final class ControlPaths {
    private ControlPaths() {}

    public static Path socket(Config config) {
        return SettingsOf.controlSocket(config);
    }

    public static Path storage(Config config) {
        return SettingsOf.storage(config);
    }
}
