package io.machineroom.domain.authoring;

import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.deployment.Deployer;
import io.machineroom.domain.deployment.DeployerPorts;
import io.machineroom.domain.deployment.DeployerSettings;
import io.machineroom.domain.deployment.DeployerTurns;
import io.machineroom.domain.deployment.PluginHost;
import io.machineroom.domain.deployment.PluginStore;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.DefinitionReader;
import io.machineroom.domain.machine.DefinitionReader.Readable;
import io.machineroom.domain.machine.DefinitionReader.Reading;
import io.machineroom.domain.machine.DefinitionReader.Unreadable;
import io.machineroom.domain.machine.Workbench;
import io.machineroom.domain.watcher.PluginsWatcher;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.VerifyKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Deployment in a rehearsal: the agent's own deployer over the files of the rehearsal, and as much of a host as runs
 * what it deploys on the workbench. {@link #run} is the body of one task of virtual time.
 */
final class RehearsedPlugins implements PluginHost {
    /** Where the agent would keep them. */
    private static final Path PLACE = Path.of("/rehearsal/plugins");

    private final PluginStore store;
    private final YamlFormat yaml;
    private final Mailbox<Boolean> changes;
    private final Deployer deployer;
    private final WatcherCatalog catalog;
    private final Map<String, Hosted> hosted = new LinkedHashMap<>();
    /** Data of machines that left: they survive upgrades. */
    private final Map<String, Value.Obj> data = new LinkedHashMap<>();

    /**
     * Nothing deployed.
     *
     * @param key the build's machine signing key, if any
     * @param catalog kinds of watchers, without those that deploy
     */
    RehearsedPlugins(
            DeployerPorts ports,
            YamlFormat yaml,
            Tasks tasks,
            Optional<VerifyKey.Ed25519> key,
            Told told,
            WatcherCatalog catalog) {
        this.store = ports.store();
        this.yaml = yaml;
        this.changes = tasks.mailbox(1);
        this.deployer = new Deployer(settings(key), ports, told.events(), told.out(), this);
        this.catalog = catalog.and(PluginsWatcher.types(new DeployerTurns(deployer, tasks)));
        deployer.recover();
    }

    /** Where events of deployment come from and go to. */
    record Told(Events events, Consumer<Outgoing> out) {}

    /** A deployed version; {@code fault} says why there is no machine of it. */
    private record Hosted(String digest, Optional<Workbench.Guest> guest, String fault) {}

    /** As the configuration has it when it says nothing. */
    private static DeployerSettings settings(Optional<VerifyKey.Ed25519> key) {
        return new DeployerSettings(
                key,
                "",
                "",
                OptionalLong.empty(),
                () -> 0,
                Duration.ofMinutes(2),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                ArchiveLimits.defaults());
    }

    static PluginStore store(RehearsedFiles files, AuthorPorts ports, RehearsedArtifacts artifacts) {
        return new PluginStore(files.trees().at(PLACE), ports.json(), artifacts);
    }

    /** All kinds of watchers, those that deploy included. */
    WatcherCatalog catalog() {
        return catalog;
    }

    /** Runs what is deployed, until cancelled. */
    void run(Workbench bench) throws InterruptedException {
        try {
            while (true) {
                changes.take();
                look(bench);
            }
        } finally {
            for (Map.Entry<String, Hosted> one : hosted.entrySet()) {
                leave(one.getKey(), one.getValue());
            }
        }
    }

    private void look(Workbench bench) throws InterruptedException {
        Map<String, PluginStore.Version> wanted = new LinkedHashMap<>();
        store.current().forEach(version -> wanted.put(version.name(), version));
        for (String name : List.copyOf(hosted.keySet())) {
            PluginStore.Version version = wanted.get(name);
            Hosted before = hosted.get(name);
            if (before != null && (version == null || !version.digest().equals(before.digest()))) {
                leave(name, before);
                hosted.remove(name);
            }
        }
        for (PluginStore.Version version : wanted.values()) {
            if (!hosted.containsKey(version.name())) {
                hosted.put(version.name(), load(version, bench));
            }
        }
    }

    private void leave(String name, Hosted one) throws InterruptedException {
        if (one.guest().isPresent()) {
            data.put(name, one.guest().get().leave());
        }
    }

    private Hosted load(PluginStore.Version version, Workbench bench) {
        try {
            Reading reading = new DefinitionReader(catalog).read(yaml.read(store.manifest(version)));
            return switch (reading) {
                case Unreadable bad -> {
                    List<String> all = new ArrayList<>();
                    bad.faults().forEach(fault -> all.add(fault.toString()));
                    yield new Hosted(version.digest(), Optional.empty(), "machine.invalid: " + String.join("; ", all));
                }
                case Readable good ->
                    new Hosted(
                            version.digest(),
                            Optional.of(bench.add(new Workbench.Job(
                                    good.definition(),
                                    version.directory(),
                                    data.getOrDefault(version.name(), Value.obj())))),
                            "");
            };
        } catch (PortException e) {
            return new Hosted(version.digest(), Optional.empty(), e.code() + ": " + e.getMessage());
        }
    }

    @Override
    public void changed() {
        changes.offer(true);
    }

    @Override
    public Health health(String plugin) {
        Hosted one = hosted.get(plugin);
        if (one == null) {
            return new Starting("");
        }
        Optional<String> broken = one.guest().flatMap(Workbench.Guest::broken);
        if (!one.fault().isEmpty() || broken.isPresent()) {
            return new Broken(
                    one.digest(), one.fault().isEmpty() ? "machine.broken: " + broken.orElse("") : one.fault());
        }
        return one.guest().filter(Workbench.Guest::runs).isPresent()
                ? new Running(one.digest())
                : new Starting(one.digest());
    }

    @Override
    public boolean occupies(String plugin) {
        return hosted.containsKey(plugin);
    }
}
