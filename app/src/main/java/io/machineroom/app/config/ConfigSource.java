package io.machineroom.app.config;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where an agent's settings come from; read anew when an enrolment completes them.
 *
 * @param loader knows vendor and environment
 * @param file the {@code --config} file, absolute
 */
public record ConfigSource(ConfigLoader loader, Path file) {
    /** Settings before an enrolment. */
    public Config base() {
        return loader.load(file, Map.of());
    }

    /**
     * Settings with those of an enrolment laid under the operator's.
     *
     * @throws PortException.Refused {@code config.invalid} with every problem
     */
    public Config with(Map<String, String> provisioned) {
        try {
            return loader.load(file, provisioned);
        } catch (ConfigException e) {
            throw new PortException.Refused("config.invalid", String.valueOf(e.getMessage()), e);
        }
    }

    /** What is wrong with settings that a backplane sends; empty when they can be used. */
    public List<Problem> check(Map<String, String> provisioned) {
        return loader.check(provisioned);
    }
}
