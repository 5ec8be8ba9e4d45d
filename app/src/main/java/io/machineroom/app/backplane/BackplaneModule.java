package io.machineroom.app.backplane;

import dagger.Binds;
import dagger.Module;
import dagger.Provides;
import io.machineroom.app.codec.CloudEventsJsonFormat;
import io.machineroom.app.codec.CloudEventsProtobufFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.crypto.BouncyCertificateIssuer;
import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.host.CommonsArchiveWriter;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.LocalHostFiles;
import io.machineroom.app.host.LocalProcessRunner;
import io.machineroom.app.host.PrometheusMeter;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.UnixControlSocket;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.domain.backplane.Equipment;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.host.ArchiveWriter;
import io.machineroom.ports.host.ControlSocket;
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
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.transport.Transport;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** Ports of the backplane from host, codec and crypto, for one state directory. */
@Module
interface BackplaneModule {
    @Provides
    @Singleton
    static Tasks tasks() {
        return new VirtualThreadTasks();
    }

    @Provides
    @Singleton
    static SystemRuntime runtime() {
        return new SystemRuntime();
    }

    @Binds
    TimeSource time(SystemRuntime runtime);

    @Binds
    Entropy entropy(SystemRuntime runtime);

    @Provides
    @Singleton
    static Meter meter() {
        return new PrometheusMeter();
    }

    @Provides
    @Singleton
    static JsonFormat json() {
        return new JacksonJson();
    }

    @Provides
    @Singleton
    static YamlFormat yaml() {
        return new SnakeYaml();
    }

    @Provides
    @Singleton
    static List<EventFormat> formats(JsonFormat json) {
        return List.of(new CloudEventsProtobufFormat(json), new CloudEventsJsonFormat(json));
    }

    @Provides
    @Singleton
    static Signatures signatures() {
        return new Ed25519Signatures();
    }

    @Provides
    @Singleton
    static TlsContexts tls() {
        return new PinnedTls();
    }

    @Provides
    @Singleton
    static CertificateIssuer certificates(TimeSource time, Entropy entropy) {
        return new BouncyCertificateIssuer(time, entropy);
    }

    @Provides
    @Singleton
    static HostFiles hostFiles() {
        return new LocalHostFiles();
    }

    @Provides
    @Singleton
    static ProcessRunner processes() {
        return new LocalProcessRunner();
    }

    @Provides
    @Singleton
    static ControlSocket control(JsonFormat json) {
        return new UnixControlSocket(json);
    }

    @Provides
    static ArchiveWriter archives() {
        return new CommonsArchiveWriter();
    }

    @Provides
    static SpoolProvider logs() {
        return LogBackends.onClassPath();
    }

    @Provides
    static Founding.Means means(JsonFormat json, TimeSource time, Entropy entropy) {
        return new Founding.Means(json, time, entropy);
    }

    @Provides
    static Function<Path, FileTree> trees() {
        return LocalFileTree::new;
    }

    @Provides
    static Function<Path, Keyring> keyrings(Entropy entropy) {
        return directory -> new FileKeyring(new LocalFileTree(directory), entropy);
    }

    /** Keys of the state directory; nothing here ever opens the offline one. */
    @Provides
    @Singleton
    static Keyring keys(StateDirectory state, Function<Path, Keyring> keyrings) {
        return keyrings.apply(state.path().resolve("keys"));
    }

    @Provides
    static Equipment.Trust trust(Keyring keys, Signatures signatures, TlsContexts tls, BrokerAuthority authority) {
        return new Equipment.Trust(keys, signatures, tls, authority);
    }

    @Provides
    static Equipment.Doors doors(
            List<EventFormat> formats,
            Gateway gateway,
            Set<Transport> transports,
            Broker broker,
            ControlSocket control) {
        Transport nats = transports.stream()
                .filter(t -> t.schemes().contains("tls"))
                .findFirst()
                .orElseThrow();
        return new Equipment.Doors(formats, gateway, nats, broker, control);
    }

    @Provides
    static HostParts host(Machine machine, StateDirectory state, HostFiles hostFiles, JsonFormat json) {
        return new HostParts(
                machine.tasks(),
                machine.time(),
                machine.entropy(),
                machine.meter(),
                json,
                new LocalFileTree(state.path()),
                hostFiles);
    }

    @Provides
    static Machine machine(Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {
        return new Machine(tasks, time, entropy, meter);
    }

    /** The four ports that nearly everything needs. */
    record Machine(Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {}
}
