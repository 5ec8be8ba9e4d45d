package io.machineroom.app.wiring;

import dagger.Binds;
import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import io.machineroom.app.codec.CloudEventsJsonFormat;
import io.machineroom.app.codec.CloudEventsProtobufFormat;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.crypto.BouncyCertificateIssuer;
import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.crypto.ExtraAuthorities;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.crypto.PinnedTls;
import io.machineroom.app.graph.LogControl;
import io.machineroom.app.graph.Metrics;
import io.machineroom.app.host.CommonsArchiveReader;
import io.machineroom.app.host.HostFacts;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.LocalHostFiles;
import io.machineroom.app.host.LocalProcessRunner;
import io.machineroom.app.host.PrometheusMeter;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.app.host.UnixControlSocket;
import io.machineroom.app.host.VirtualRuntime;
import io.machineroom.app.host.VirtualThreadTasks;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.runtime.VirtualTime;
import io.machineroom.ports.security.CertificateIssuer;
import io.machineroom.ports.security.FileTls;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.TlsContexts;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The machine underneath, the codecs and the cryptography; nothing here depends on settings. */
@Module
public interface HostModule {
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
    static Tasks tasks() {
        return new VirtualThreadTasks();
    }

    @Provides
    static VirtualTime.Factory worlds() {
        return VirtualRuntime::new;
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

    /** Authorities of the operator's own; need not be bound. */
    @BindsOptionalOf
    ExtraAuthorities authorities();

    @Provides
    @Singleton
    static TlsContexts tls(Optional<ExtraAuthorities> extra) {
        return new PinnedTls(extra.orElseGet(ExtraAuthorities::none));
    }

    @Provides
    static FileTls fileTls() {
        return new PinnedTls();
    }

    @Provides
    @Singleton
    static CertificateIssuer certificates(TimeSource time, Entropy entropy) {
        return new BouncyCertificateIssuer(time, entropy);
    }

    @Provides
    @Singleton
    static ProcessRunner processes() {
        return new LocalProcessRunner();
    }

    @Provides
    @Singleton
    static HostFiles hostFiles() {
        return new LocalHostFiles();
    }

    @Provides
    @Singleton
    static FactSource facts() {
        return new HostFacts();
    }

    @Provides
    @Singleton
    static ArchiveReader archives() {
        return new CommonsArchiveReader();
    }

    @Provides
    @Singleton
    static ControlSocket control(JsonFormat json) {
        return new UnixControlSocket(json);
    }

    @Provides
    @Singleton
    static PrometheusMeter prometheus() {
        return new PrometheusMeter();
    }

    @Binds
    Meter meter(PrometheusMeter prometheus);

    @Provides
    static Metrics metrics(PrometheusMeter prometheus) {
        return prometheus::render;
    }

    @Provides
    static LogControl log() {
        return new Logging();
    }

    /** Opens a directory as a tree. */
    @Provides
    static Function<Path, FileTree> trees() {
        return LocalFileTree::new;
    }

    /** Keys of a directory. */
    @Provides
    static Function<FileTree, Keyring> keyrings(Entropy entropy) {
        return files -> new FileKeyring(files, entropy);
    }
}
