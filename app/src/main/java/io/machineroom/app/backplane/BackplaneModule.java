package io.machineroom.app.backplane;

import dagger.Module;
import dagger.Provides;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.host.CommonsArchiveWriter;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.wiring.SpoolProviders;
import io.machineroom.domain.backplane.Equipment;
import io.machineroom.domain.backplane.Founding;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.host.ArchiveWriter;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** What a backplane has beyond the machine underneath: directories, keys and doors, for one state directory. */
@Module
interface BackplaneModule {
    @Provides
    static ArchiveWriter archiveWriter() {
        return new CommonsArchiveWriter();
    }

    @Provides
    static SpoolProvider logs() {
        return SpoolProviders.onClassPath().choose(Optional.empty());
    }

    @Provides
    static Founding.Means means(JsonFormat json, TimeSource time, Entropy entropy) {
        return new Founding.Means(json, time, entropy);
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
    static Equipment.Trust trust(
            Keyring keys,
            Signatures signatures,
            TlsContexts tls,
            BrokerAuthority authority,
            CertificateIssuer certificates) {
        return new Equipment.Trust(keys, signatures, tls, authority, certificates);
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
    static Machine machine(Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {
        return new Machine(tasks, time, entropy, meter);
    }

    /** With the event log opened; whoever asks for it closes it. */
    @Provides
    static Equipment.Host host(
            Machine machine, StateDirectory state, HostFiles hostFiles, JsonFormat json, SpoolProvider logs) {
        FileTree files = new LocalFileTree(state.path());
        return new Equipment.Host(
                machine.tasks(),
                machine.time(),
                machine.entropy(),
                machine.meter(),
                json,
                files,
                hostFiles,
                logs.openLog(
                        new SpoolProvider.LogSettings(
                                files.path("log"), Equipment.MAX_LOGGED_BYTES, Equipment.LOG_RESERVE_BYTES),
                        machine.time(),
                        machine.entropy()));
    }

    /** The four ports that nearly everything needs. */
    record Machine(Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {}
}
