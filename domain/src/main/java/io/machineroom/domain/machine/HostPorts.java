package io.machineroom.domain.machine;

import io.machineroom.domain.deployment.DeployerPorts;
import io.machineroom.domain.deployment.PluginStore;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.domain.watcher.Trees;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Signatures;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the machine host works with. Everything is safe from any task.
 *
 * @param store the machine store, {@code machines.directory}: the operator's own machines
 * @param state a folder of the agent for deployed plugins and data of machines
 * @param trees opens folders anywhere, for archive watchers
 * @param facts the node's facts as they are now; must not block
 * @param buckets desired state over whichever link is up; unavailable while none is
 * @param extras what else watchers may ask for, by type; a kind that misses one says so when it is asked
 */
public record HostPorts(
        Tasks tasks,
        TimeSource time,
        Entropy entropy,
        JsonFormat json,
        YamlFormat yaml,
        Signatures signatures,
        ArtifactStore artifacts,
        ArchiveReader archives,
        ProcessRunner processes,
        HostFiles files,
        FileTree store,
        FileTree state,
        Trees trees,
        Supplier<Value.Obj> facts,
        Function<String, Bucket> buckets,
        Map<Class<?>, Object> extras) {
    public HostPorts {
        extras = Map.copyOf(extras);
    }

    DeployerPorts deployment(PluginStore plugins, Events events, Consumer<Outgoing> out) {
        return new DeployerPorts(
                plugins, json, signatures, artifacts, archives, files, time, entropy, governors(events, out));
    }

    /** The governors, when there is one among the extras: what happens there is told. */
    Optional<Governors> governors(Events events, Consumer<Outgoing> out) {
        return Optional.ofNullable(extras.get(Governor.class))
                .map(found -> new Governors((Governor) found, events, out, json));
    }

    /** What the machine of the facts does, when there is one among the extras. */
    Optional<FactsChore> chore() {
        return Optional.ofNullable(extras.get(FactsChore.class)).map(FactsChore.class::cast);
    }

    /** What watchers may ask for by type. */
    Map<Class<?>, Object> granted(Events events, Consumer<Outgoing> out) {
        Map<Class<?>, Object> all = new java.util.LinkedHashMap<>(extras);
        all.remove(FactsChore.class); // of the host, not of its watchers
        governors(events, out).ifPresent(governors -> all.put(Governors.class, governors));
        all.putAll(Map.of(
                ProcessRunner.class, processes,
                HostFiles.class, files,
                ArtifactStore.class, artifacts,
                ArchiveReader.class, archives,
                Signatures.class, signatures,
                Trees.class, trees));
        return all;
    }
}
