package io.machineroom.app.wiring;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.graph.Replication;
import io.machineroom.app.host.LogSetup;
import io.machineroom.domain.orchestration.ElectionDesk;
import io.machineroom.domain.replication.config.ConfigReader;
import io.machineroom.domain.replication.config.ReplicatorConfig;
import io.machineroom.domain.replication.config.Side;
import io.machineroom.domain.replication.copy.Places;
import io.machineroom.domain.replication.copy.Replicator;
import io.machineroom.domain.replication.copy.ReplicatorDesk;
import io.machineroom.domain.replication.copy.ReplicatorPorts;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.YamlFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamHosts;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Function;

/** Puts a stand-alone replicator together. */
final class ReplicationAssembly implements Replication {
    private static final int MAX_BYTES = 1 << 20;

    private final RealWorld world;
    private final YamlFormat yaml;
    private final HostFiles files;
    private final Function<Path, FileTree> trees;
    private final Optional<StreamHosts> hosts;

    ReplicationAssembly(
            RealWorld world,
            YamlFormat yaml,
            HostFiles files,
            Function<Path, FileTree> trees,
            Optional<StreamHosts> hosts) {
        this.world = world;
        this.yaml = yaml;
        this.files = files;
        this.trees = trees;
        this.hosts = hosts;
    }

    @Override
    public ConfigReader.Reading read(Path file) {
        byte[] content = files.read(file, MAX_BYTES)
                .orElseThrow(() -> new PortException.Refused("file.missing", file + " cannot be read"));
        return ConfigReader.read(yaml.read(content), Path.of("").toAbsolutePath());
    }

    @Override
    public void prepare(ReplicatorConfig config) {
        try {
            if (config.stateStore().isPresent()) {
                Files.createDirectories(
                        config.stateStore().get(),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", "the folder of state_store cannot be made: " + e, e);
        }
    }

    @Override
    public void log(ReplicatorConfig config, boolean debug) {
        try {
            LogSetup.apply(
                    debug ? "debug" : config.logLevel(),
                    config.logFile().map(_ -> new JacksonJson()),
                    config.logFile());
        } catch (IOException e) {
            throw new PortException.Unavailable("file.disk", "the log file cannot be written; set logfile", e);
        }
    }

    @Override
    public Replicator create(ReplicatorConfig config) {
        return new Replicator(config, ports(config), hostName());
    }

    @Override
    public ReplicatorDesk desk(ReplicatorConfig config) {
        return new ReplicatorDesk(ports(config));
    }

    @Override
    public FileTree folder(Path path) {
        return trees.apply(path);
    }

    private ReplicatorPorts ports(ReplicatorConfig config) {
        return new ReplicatorPorts(
                world.tasks(),
                world.time(),
                world.entropy(),
                world.meter(),
                new JacksonJson(),
                nats(),
                files,
                config.stateStore().map(trees));
    }

    private StreamHosts nats() {
        return hosts.orElseThrow(() -> new PortException.Refused("link.unsupported", "this build speaks no NATS"));
    }

    @Override
    public StreamHost connect(Side to) throws InterruptedException {
        return nats().connect(new Places(files).of(to, "Machine Room"));
    }

    @Override
    public ElectionDesk.Means means(String candidate) {
        return new ElectionDesk.Means(
                world.tasks(),
                world.time(),
                world.entropy(),
                world.meter(),
                candidate.isEmpty() ? hostName() : candidate);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "localhost";
        }
    }
}
