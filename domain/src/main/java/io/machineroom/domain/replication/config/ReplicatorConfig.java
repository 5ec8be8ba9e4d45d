package io.machineroom.domain.replication.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A whole configuration file.
 *
 * @param name of the replicator
 * @param jobs its copies
 * @param stateStore folder for what has to outlive the process
 * @param monitorPort for metrics, on this machine only; 0: none
 * @param logFile where the log goes; empty: the console
 * @param logLevel debug, info or warn
 * @param heartbeats what is sent regularly
 */
public record ReplicatorConfig(
        String name,
        List<JobConfig> jobs,
        Optional<Path> stateStore,
        int monitorPort,
        Optional<Path> logFile,
        String logLevel,
        Optional<Heartbeats> heartbeats) {
    public ReplicatorConfig {
        jobs = List.copyOf(jobs);
    }
}
