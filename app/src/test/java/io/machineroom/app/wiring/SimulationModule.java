package io.machineroom.app.wiring;

import dagger.Module;
import dagger.Provides;
import dagger.multibindings.IntoSet;
import io.machineroom.app.graph.Metrics;
import io.machineroom.http.SimulatedHttp;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.gateway.Upstream;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.TlsContexts;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.Transport;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/** In the place of HostModule, SpoolModule and the adapters' modules. */
@Module
interface SimulationModule {
    @Provides
    static Tasks tasks(SimulatedHost host) {
        return host.system().tasks();
    }

    @Provides
    static TimeSource time(SimulatedHost host) {
        return host.system().time();
    }

    @Provides
    static Entropy entropy(SimulatedHost host) {
        return host.system().entropy();
    }

    @Provides
    static Meter meter(SimulatedHost host) {
        return host.system().meter();
    }

    @Provides
    static Metrics metrics() {
        return () -> "";
    }

    @Provides
    static JsonFormat json(SimulatedHost host) {
        return host.documents().json();
    }

    @Provides
    static YamlFormat yaml(SimulatedHost host) {
        return host.documents().yaml();
    }

    @Provides
    static List<EventFormat> formats(SimulatedHost host) {
        return host.documents().formats();
    }

    @Provides
    static Signatures signatures(SimulatedHost host) {
        return host.documents().signatures();
    }

    @Provides
    static Function<Path, FileTree> trees(SimulatedHost host) {
        return host.disk().trees();
    }

    @Provides
    static Function<FileTree, Keyring> keyrings(SimulatedHost host) {
        return host.disk().keyrings();
    }

    @Provides
    static HostFiles hostFiles(SimulatedHost host) {
        return host.disk().hostFiles();
    }

    @Provides
    static ArchiveReader archives(SimulatedHost host) {
        return host.disk().archives();
    }

    @Provides
    static ProcessRunner processes(SimulatedHost host) {
        return host.disk().processes();
    }

    @Provides
    static FactSource facts(SimulatedHost host) {
        return host.disk().facts();
    }

    @Provides
    static Broker broker(SimulatedHost host) {
        return host.servers().broker();
    }

    @Provides
    static Gateway gateway(SimulatedHost host) {
        return host.servers().gateway();
    }

    @Provides
    static CertificateIssuer certificates(SimulatedHost host) {
        return host.servers().certificates();
    }

    @Provides
    static TlsContexts tls(SimulatedHost host) {
        return host.ways().http().tls();
    }

    @Provides
    static SpoolProviders spools(SimulatedHost host) {
        return new SpoolProviders(List.of(host.ways().spools()), List::of);
    }

    @Provides
    @Singleton
    static SimulatedHttp http(SimulatedHost host, Keyring keyring) {
        return new SimulatedHttp(host.ways().http(), keyring, host.ways().clients());
    }

    @Provides
    @IntoSet
    static Transport https(SimulatedHttp http) {
        return http.transport();
    }

    @Provides
    @IntoSet
    static Transport nats(SimulatedHost host) {
        return host.ways().nats();
    }

    @Provides
    @Singleton
    static ArtifactStore artifacts(SimulatedHttp http, CurrentEndpoint current) {
        return http.artifacts(current);
    }

    @Provides
    @Singleton
    static Upstream upstream(SimulatedHttp http, CurrentEndpoint current) {
        return http.upstream(current);
    }
}
