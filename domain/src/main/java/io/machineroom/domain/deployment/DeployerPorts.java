package io.machineroom.domain.deployment;

import io.machineroom.domain.orchestration.Governors;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;
import java.util.Optional;

/**
 * What deployment works with.
 *
 * @param governors limit how many nodes download at once; empty where there are none
 */
public record DeployerPorts(
        PluginStore store,
        JsonFormat json,
        Signatures signatures,
        ArtifactStore artifacts,
        ArchiveReader archives,
        HostFiles files,
        TimeSource time,
        Entropy entropy,
        Optional<Governors> governors) {}
