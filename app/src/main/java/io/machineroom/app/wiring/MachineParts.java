package io.machineroom.app.wiring;

import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;
import java.nio.file.Path;
import java.util.function.Function;

/** What only machines need. */
record MachineParts(
        YamlFormat yaml,
        ArtifactStore artifacts,
        ArchiveReader archives,
        ProcessRunner processes,
        HostFiles files,
        Function<Path, FileTree> trees) {}
