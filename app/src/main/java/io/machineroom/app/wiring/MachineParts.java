package io.machineroom.app.wiring;

import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;

/** What only machines need. */
record MachineParts(
        YamlFormat yaml, ArtifactStore artifacts, ArchiveReader archives, ProcessRunner processes, HostFiles files) {}
