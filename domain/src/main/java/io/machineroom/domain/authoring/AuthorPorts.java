package io.machineroom.domain.authoring;

import io.machineroom.domain.watcher.Trees;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.runtime.VirtualTime;
import io.machineroom.ports.security.Signatures;
import java.util.Map;

/**
 * What the author's tools work with.
 *
 * @param trees opens the directories of machines
 * @param worlds begins worlds of virtual time
 */
public record AuthorPorts(
        YamlFormat yaml,
        JsonFormat json,
        Trees trees,
        HostFiles files,
        ProcessRunner processes,
        ArtifactStore artifacts,
        ArchiveReader archives,
        Signatures signatures,
        Tasks tasks,
        TimeSource time,
        Entropy entropy,
        VirtualTime.Factory worlds) {
    /** What watchers may ask for by type, beside processes. */
    Map<Class<?>, Object> granted() {
        return Map.of(
                HostFiles.class, files,
                ArtifactStore.class, artifacts,
                ArchiveReader.class, archives,
                Signatures.class, signatures,
                Trees.class, trees);
    }
}
