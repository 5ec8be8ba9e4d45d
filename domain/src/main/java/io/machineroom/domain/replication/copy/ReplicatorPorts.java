package io.machineroom.domain.replication.copy;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.replica.StreamHosts;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.util.Optional;

/**
 * What a replicator needs of the world.
 *
 * @param tasks starts its tasks
 * @param time its clocks
 * @param entropy spreads waits
 * @param meter counts
 * @param json reads and writes documents
 * @param hosts connects
 * @param files reads credentials
 * @param state folder for what outlives the process; empty: nothing does
 */
public record ReplicatorPorts(
        Tasks tasks,
        TimeSource time,
        Entropy entropy,
        Meter meter,
        JsonFormat json,
        StreamHosts hosts,
        HostFiles files,
        Optional<FileTree> state) {}
