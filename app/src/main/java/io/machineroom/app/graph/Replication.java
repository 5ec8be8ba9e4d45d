package io.machineroom.app.graph;

import io.machineroom.domain.replication.config.ConfigReader.Reading;
import io.machineroom.domain.replication.config.ReplicatorConfig;
import io.machineroom.domain.replication.copy.Replicator;
import java.nio.file.Path;

/** What the command {@code replicate} needs. */
public interface Replication {
    /**
     * Reads a configuration file.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code file.missing}, {@code yaml.invalid}
     */
    Reading read(Path file);

    /** Makes the folder for state when one is named and missing, mode 0700. */
    void prepare(ReplicatorConfig config);

    /** Applies log file and level. */
    void log(ReplicatorConfig config, boolean debug);

    /**
     * A replicator that does not run yet.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code link.unsupported} in a build without NATS
     */
    Replicator create(ReplicatorConfig config);
}
