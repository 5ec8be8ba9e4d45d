package io.machineroom.app.graph;

import io.machineroom.domain.orchestration.ElectionDesk;
import io.machineroom.domain.replication.config.ConfigReader.Reading;
import io.machineroom.domain.replication.config.ReplicatorConfig;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.domain.replication.copy.Replicator;
import io.machineroom.domain.replication.copy.ReplicatorDesk;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.replica.StreamHost;
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

    /**
     * Looks at the replicator of a configuration, which need not run.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code link.unsupported} in a build without NATS
     */
    ReplicatorDesk desk(ReplicatorConfig config);

    /** The files below a folder. */
    FileTree folder(Path path);

    /**
     * A connection to a NATS of somebody else, for a command.
     *
     * @param to as in a configuration file
     * @throws io.machineroom.ports.PortException.Refused {@code link.unsupported} in a build without NATS, {@code link.url},
     *     {@code link.credentials}
     * @throws io.machineroom.ports.PortException.Unavailable {@code link.unreachable} and the like
     */
    StreamHost connect(Side to) throws InterruptedException;

    /** What an election of a command's own needs. */
    ElectionDesk.Means means(String candidate);
}
