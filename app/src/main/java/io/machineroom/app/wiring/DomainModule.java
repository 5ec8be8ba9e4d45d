package io.machineroom.app.wiring;

import dagger.Binds;
import dagger.BindsOptionalOf;
import dagger.Lazy;
import dagger.Module;
import dagger.Provides;
import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.Config;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.crypto.ExtraAuthorities;
import io.machineroom.app.graph.Metrics;
import io.machineroom.app.graph.Rehearsal;
import io.machineroom.app.graph.Replication;
import io.machineroom.app.graph.SpoolFiles;
import io.machineroom.app.graph.SubmissionFiles;
import io.machineroom.domain.agent.AgentLifecycle;
import io.machineroom.domain.agent.AgentPorts;
import io.machineroom.domain.agent.AgentProfile;
import io.machineroom.domain.agent.AgentSettings;
import io.machineroom.domain.agent.FactoryReset;
import io.machineroom.domain.agent.FactsGathering;
import io.machineroom.domain.authoring.AuthorPorts;
import io.machineroom.domain.authoring.AuthorTools;
import io.machineroom.domain.replication.relay.SiteWeb;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.replica.StreamHosts;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.runtime.VirtualTime;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.HttpsProxy;
import io.machineroom.ports.transport.Transport;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongFunction;

/** The agent's domain objects and what each of them gets. */
@Module(includes = SiteModule.class)
public interface DomainModule {
    @Provides
    @Singleton
    static Config config(ConfigSource source) {
        return source.base();
    }

    @Provides
    static AgentSettings.Paths paths(Config config) {
        return SettingsOf.paths(config);
    }

    @Provides
    @Singleton
    @Named("config")
    static FileTree configFiles(Function<Path, FileTree> trees, AgentSettings.Paths paths) {
        return trees.apply(paths.configDirectory());
    }

    @Provides
    @Singleton
    @Named("storage")
    static FileTree storageFiles(Function<Path, FileTree> trees, AgentSettings.Paths paths) {
        return trees.apply(paths.storageDirectory());
    }

    @Provides
    @Singleton
    @Named("machines")
    static FileTree machineFiles(Function<Path, FileTree> trees, AgentSettings.Paths paths) {
        return trees.apply(paths.machinesDirectory());
    }

    @Provides
    @Singleton
    static Keyring keyring(Function<FileTree, Keyring> keyrings, @Named("config") FileTree files) {
        return keyrings.apply(files);
    }

    @Provides
    @Singleton
    static GatewayHolder gatewayHolder() {
        return new GatewayHolder();
    }

    @Binds
    CurrentEndpoint currentEndpoint(GatewayHolder holder);

    @Provides
    @Singleton
    static HttpsProxy httpsProxy(Config config, HostFiles files) {
        return new ProxyFromConfig(config, files);
    }

    @Provides
    static ExtraAuthorities authorities(Config config) {
        return new ExtraAuthorities(config.text("link.ca_file").map(name -> config.path("link.ca_file")));
    }

    @Provides
    @Singleton
    static RealWorld realWorld(Tasks tasks, TimeSource time, Entropy entropy, Meter meter, Metrics metrics) {
        return new RealWorld(tasks, time, entropy, meter, metrics);
    }

    @Provides
    @Singleton
    static Books books(JsonFormat json, Signatures signatures, Keyring keyring) {
        return new Books(json, signatures, keyring);
    }

    @Provides
    @Singleton
    static Places places(
            @Named("config") FileTree config,
            @Named("storage") FileTree storage,
            @Named("machines") FileTree machines) {
        return new Places(config, storage, machines);
    }

    @BindsOptionalOf
    StreamHosts streamHosts();

    @Provides
    static Replication replication(
            RealWorld world,
            YamlFormat yaml,
            HostFiles files,
            Function<Path, FileTree> trees,
            Optional<StreamHosts> hosts) {
        return new ReplicationAssembly(world, yaml, files, trees, hosts);
    }

    @Provides
    @Singleton
    static AgentPorts ports(
            RealWorld world,
            Books books,
            Places places,
            HostFiles hostFiles,
            FactSource facts,
            Set<Transport> transports) {
        return new AgentPorts(
                world.tasks(),
                world.time(),
                world.entropy(),
                world.meter(),
                places.config(),
                places.storage(),
                hostFiles,
                facts,
                books.keyring(),
                books.signatures(),
                books.json(),
                List.copyOf(transports));
    }

    @Provides
    @Singleton
    static AgentProfile profile(AgentOptions options, Config config) {
        return new AgentProfile(
                options.name(),
                options.version(),
                options.contact(),
                options.help(),
                SettingsOf.signingKey(options, config).map(k -> k.hexText()).orElse(""),
                options.facts());
    }

    @Provides
    @Singleton
    static MachineParts machineParts(
            YamlFormat yaml,
            ArtifactStore artifacts,
            ArchiveReader archives,
            ProcessRunner processes,
            HostFiles files,
            Function<Path, FileTree> trees) {
        return new MachineParts(yaml, artifacts, archives, processes, files, trees);
    }

    @Provides
    @Singleton
    static MachineAssembly machines(
            AgentOptions options,
            MachineParts parts,
            RealWorld world,
            Books books,
            Places places,
            GatewayHolder gateway) {
        return new MachineAssembly(options, parts, world, books, places, gateway);
    }

    @Provides
    static AuthorTools authorTools(
            AgentOptions options, MachineParts parts, RealWorld world, Books books, VirtualTime.Factory worlds) {
        return new AuthorTools(
                new AuthorPorts(
                        parts.yaml(),
                        books.json(),
                        parts.trees()::apply,
                        parts.files(),
                        parts.processes(),
                        parts.artifacts(),
                        parts.archives(),
                        books.signatures(),
                        world.tasks(),
                        world.time(),
                        world.entropy(),
                        worlds),
                WatcherCatalog.builtInAnd(options.watchers()));
    }

    @Provides
    @Singleton
    static AgentAssembly assembly(
            AgentOptions options, ConfigSource source, Backends backends, MachineAssembly machines, RealWorld world) {
        return new AgentAssembly(options, source, backends, machines, world);
    }

    @Provides
    @Singleton
    static Backends backends(
            SpoolProviders spools,
            List<EventFormat> formats,
            Optional<Broker> broker,
            Lazy<CertificateIssuer> certificates,
            Function<Path, FileTree> trees,
            Optional<LongFunction<SiteWeb>> web) {
        return new Backends(
                spools, formats, trees, broker.map(b -> new Backends.Site(b, certificates::get, trees, web)));
    }

    @Provides
    static SpoolFiles spoolFiles(Config config, SpoolProviders spools, Places places, RealWorld world) {
        return new ConfiguredSpool(config, spools, places.storage(), world);
    }

    @Provides
    static SubmissionFiles submissionFiles(
            Config config, Function<Path, FileTree> trees, JsonFormat json, RealWorld world) {
        return new ConfiguredSubmissions(SettingsOf.submissions(config, trees), json, world);
    }

    @Provides
    static Rehearsal rehearsal(Books books, Lazy<CertificateIssuer> certificates, TlsContexts tls, TimeSource time) {
        return new RehearsalStage(books, certificates, tls, time);
    }

    @Provides
    @Singleton
    static AgentLifecycle lifecycle(AgentPorts ports, AgentProfile profile, AgentAssembly assembly) {
        return new AgentLifecycle(ports, profile, assembly);
    }

    @Provides
    static FactsGathering factsOnce(AgentPorts ports, AgentProfile profile, AgentAssembly assembly) {
        return new FactsGathering(ports, profile, assembly);
    }

    @Provides
    static FactoryReset reset(Places places, Keyring keyring, AgentSettings.Paths paths) {
        return new FactoryReset(places.config(), places.storage(), places.machines(), keyring, paths);
    }
}
