package io.machineroom.domain.deployment;

import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;

/** What deployment works with. */
public record DeployerPorts(
        PluginStore store,
        JsonFormat json,
        Signatures signatures,
        ArtifactStore artifacts,
        ArchiveReader archives,
        HostFiles files,
        TimeSource time,
        Entropy entropy) {}
