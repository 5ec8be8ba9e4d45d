package io.machineroom.app.conformance.machines;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.host.CommonsArchiveReader;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.LocalHostFiles;
import io.machineroom.app.host.LocalProcessRunner;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.deployment.DeployerSettings;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.HostPorts;
import io.machineroom.domain.machine.HostSettings;
import io.machineroom.domain.machine.MachineHost;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.security.VerifyKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/** A machine host of the real parts in a folder, with {@code machines} and {@code state} below it; no link and no server by default. */
public final class RealHost {
    private final Path folder;
    private final Consumer<Outgoing> out;
    private Optional<VerifyKey.Ed25519> key = Optional.empty();
    private Duration splay = Duration.ZERO;
    private Duration poll = Duration.ofSeconds(30);
    private Value.Obj facts = Value.obj();
    private ProcessRunner processes = new LocalProcessRunner();
    private Map<Class<?>, Object> extras = Map.of();
    private ArtifactStore artifacts = (source, login, maxBytes, into, timeout) -> {
        throw new PortException.Unavailable("artifact.unreachable", "no server in this test");
    };
    private Function<String, Bucket> buckets = name -> {
        throw new PortException.Unavailable("bucket.unreachable", "no link in this test");
    };

    public RealHost(Path folder, Consumer<Outgoing> out) {
        this.folder = folder;
        this.out = out;
    }

    /** Runs commands through another runner. */
    public RealHost processes(ProcessRunner other) {
        processes = other;
        return this;
    }

    RealHost facts(Value.Obj known) {
        facts = known;
        return this;
    }

    RealHost extras(Map<Class<?>, Object> more) {
        extras = more;
        return this;
    }

    /** Deploys what that key signed, found in buckets that are looked at every two seconds. */
    RealHost deploying(VerifyKey.Ed25519 signer, ArtifactStore from, Function<String, Bucket> lists) {
        key = Optional.of(signer);
        splay = Duration.ofSeconds(1);
        poll = Duration.ofSeconds(2);
        artifacts = from;
        buckets = lists;
        return this;
    }

    public MachineHost make() {
        SystemRuntime runtime = new SystemRuntime();
        DeployerSettings deployment = new DeployerSettings(
                key,
                "",
                "",
                OptionalLong.empty(),
                () -> 0,
                Duration.ofMinutes(2),
                splay,
                Duration.ofSeconds(30),
                ArchiveLimits.defaults());
        HostPorts ports = new HostPorts(
                new VirtualThreadTasks(),
                runtime,
                runtime,
                new JacksonJson(),
                new SnakeYaml(),
                new Ed25519Signatures(),
                artifacts,
                new CommonsArchiveReader(),
                processes,
                new LocalHostFiles(),
                new LocalFileTree(folder.resolve("machines")),
                new LocalFileTree(folder.resolve("state")),
                LocalFileTree::new,
                () -> facts,
                buckets,
                extras);
        return new MachineHost(
                new HostSettings(Duration.ofMillis(200), poll, deployment),
                ports,
                new Events("node", Events.COMPONENT_SERVER, "1", runtime, runtime),
                out,
                WatcherCatalog.builtInAnd(List.of()));
    }
}
