package io.machineroom.domain.deployment;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ArchiveReader;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.host.HostFiles;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimArtifacts;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimTasks;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** A node to deploy to: simulated disk, artifact server, signer. An "archive" here is a JSON list of entries. */
public final class DeploymentWorld {
    public static final String CUSTOMER = "acme";

    public final SimTasks tasks;
    public final SimDisk disk;
    public final SimFiles state;
    public final SimFiles store;
    public final JsonFormat json = new SimJson();
    public final SimArtifacts artifacts;
    public final SimKeyring signer;
    public final VerifyKey.Ed25519 key;
    public final Events events;
    public final List<Outgoing> sent = new ArrayList<>();
    public final Map<String, PluginHost.Health> health = new LinkedHashMap<>();
    public OptionalLong lowestSerial = OptionalLong.of(1);
    public Optional<Duration> manage = Optional.empty();
    Optional<Governors> slots = Optional.empty();
    public final java.util.Set<String> running = new java.util.HashSet<>();

    public Duration splay = Duration.ZERO;
    public ArchiveLimits limits = ArchiveLimits.defaults();

    public DeploymentWorld(long seed) {
        this(new SimTasks(seed), seed);
    }

    private DeploymentWorld(SimTasks tasks, long seed) {
        this(tasks, new SimDisk(tasks.time(), seed));
    }

    /** The same node on another disk. */
    public DeploymentWorld(SimTasks tasks, SimDisk disk) {
        this.tasks = tasks;
        this.disk = disk;
        state = new SimFiles(disk, Path.of("/node/state"));
        store = new SimFiles(disk, Path.of("/node/machines"));
        artifacts = new SimArtifacts(disk, tasks);
        signer = new SimKeyring(tasks.entropy());
        key = signer.put(KeyRole.IDENTITY, new byte[32]);
        events = new Events("node1", Events.COMPONENT_SERVER, "1.0.0", tasks.time(), tasks.entropy());
    }

    /** Real digests, over the simulated disk. */
    public Signatures signatures() {
        SimSignatures real = new SimSignatures();
        return new Signatures() {
            @Override
            public boolean verify(VerifyKey.Ed25519 by, byte[] data, byte[] signature) {
                return real.verify(by, data, signature);
            }

            @Override
            public boolean verifyRsa(VerifyKey.Rsa by, int bits, byte[] data, byte[] signature) {
                return real.verifyRsa(by, bits, data, signature);
            }

            @Override
            public String sha256(byte[] data) {
                return real.sha256(data);
            }

            @Override
            public String sha256(Path file) {
                return real.sha256(disk.content(file)
                        .orElseThrow(() -> new PortException.Refused("file.missing", "there is no " + file)));
            }
        };
    }

    public ArchiveReader archives() {
        return (archive, visitor) -> {
            Value value = json.read(disk.content(archive).orElse(new byte[0]));
            for (Value item : ((Value.Arr) value).items()) {
                Value.Obj entry = (Value.Obj) item;
                byte[] content = entry.text("text").orElse("").getBytes(StandardCharsets.UTF_8);
                FileTree.Kind kind = FileTree.Kind.valueOf(entry.text("kind").orElse("FILE"));
                long size = entry.whole("size").orElse((long) content.length);
                int mode = entry.whole("mode").orElse(0644L).intValue();
                FileTree.Writer into =
                        visitor.entry(new ArchiveReader.Entry(entry.text("name").orElse(""), kind, size, mode));
                if (into != null) {
                    long repeat = entry.whole("repeat").orElse(1L);
                    for (long i = 0; i < repeat; i++) {
                        into.write(content, 0, content.length);
                    }
                    into.close();
                }
            }
        };
    }

    public HostFiles files() {
        return new HostFiles() {
            @Override
            public Optional<FileTree.Info> info(Path path) {
                SimFiles root = new SimFiles(disk, Path.of("/"));
                return root.info(path.toString().substring(1));
            }

            @Override
            public Optional<String> sha256(Path path) {
                return disk.content(path).map(signatures()::sha256);
            }

            @Override
            public Optional<byte[]> read(Path path, int maxBytes) {
                return disk.content(path);
            }

            @Override
            public Optional<Owner> owner(Path path) {
                return disk.content(path).map(c -> new Owner("root", "root"));
            }

            @Override
            public void replace(Path path, byte[] content, int mode, String owner, String group) {
                new SimFiles(disk, path.getParent()).replace(path.getFileName().toString(), content, mode);
            }

            @Override
            public boolean onPath(String program) {
                return program.equals("sh");
            }
        };
    }

    public DeployerSettings settings() {
        return settings(Optional.of(key));
    }

    private DeployerSettings settings(Optional<VerifyKey.Ed25519> built) {
        return new DeployerSettings(
                built,
                CUSTOMER,
                "north",
                lowestSerial,
                () -> 0,
                Duration.ofMinutes(2),
                splay,
                Duration.ofSeconds(30),
                limits);
    }

    public PluginStore plugins() {
        return new PluginStore(state, json, signatures());
    }

    /** A deployer as after the start of the process. */
    public Deployer deployer() {
        return deployer(Optional.of(key));
    }

    public Deployer deployer(Optional<VerifyKey.Ed25519> built) {
        DeployerPorts ports = new DeployerPorts(
                plugins(), json, signatures(), artifacts, archives(), files(), tasks.time(), tasks.entropy(), slots);
        Deployer deployer = new Deployer(settings(built), ports, events, sent::add, new PluginHost() {
            @Override
            public void changed() {}

            @Override
            public Health health(String plugin) {
                return health.getOrDefault(plugin, new Starting(""));
            }

            @Override
            public boolean occupies(String plugin) {
                return running.contains(plugin);
            }
        });
        deployer.recover();
        return deployer;
    }

    // --- what the vendor does ---------------------------------------------------------------

    /** Packs a plugin of these files, offers it and returns its entry in a list. */
    public Value.Obj pack(String name, Map<String, String> files) {
        Map<String, String> sums = new LinkedHashMap<>();
        List<Value> entries = new ArrayList<>();
        entries.add(Value.obj("name", Value.text(name + "/"), "kind", Value.text("DIRECTORY")));
        files.forEach((file, text) -> {
            sums.put(file, signatures().sha256(text.getBytes(StandardCharsets.UTF_8)));
            entries.add(Value.obj("name", Value.text(name + "/" + file), "text", Value.text(text)));
        });
        byte[] manifest = ChecksumManifest.of(sums).text();
        entries.add(Value.obj(
                "name", Value.text(name + "/SHA256SUMS"),
                "text", Value.text(new String(manifest, StandardCharsets.UTF_8))));
        return offer(name, entries, signatures().sha256(manifest));
    }

    /** Offers an archive of these entries. */
    public Value.Obj offer(String name, List<Value> entries, String sumsDigest) {
        byte[] archive = json.write(new Value.Arr(entries));
        String checksum = signatures().sha256(archive);
        String url = "https://plugins.example/" + name + "-" + checksum.substring(0, 8) + ".tgz";
        artifacts.offer(URI.create(url), archive);
        return Value.obj("name", Value.text(name), "source", Value.text(url), "checksum", Value.text(checksum))
                .with("verify_checksum", Value.text(sumsDigest));
    }

    public SignedSpecification.Meta meta(long serial) {
        long now = tasks.time().wall().getEpochSecond();
        return new SignedSpecification.Meta(serial, now, now + 3600, CUSTOMER, "", "");
    }

    public Value.Obj sign(SignedSpecification.Meta meta, Value... entries) {
        byte[] list = json.write(Value.arr(entries));
        return SignedSpecification.sign(list, meta, json, signatures(), bytes -> signer.sign(KeyRole.IDENTITY, bytes))
                .toValue();
    }

    public Value.Obj sign(long serial, Value... entries) {
        return sign(meta(serial), entries);
    }

    // --- what a test looks at ------------------------------------------------------------------

    public Deployer.Answer apply(Deployer deployer, Value document) {
        return run(deployer, round(document));
    }

    public Deployer.Answer run(Deployer deployer, Deployer.Round round) {
        List<Deployer.Answer> out = new ArrayList<>();
        tasks.run(() -> out.add(deployer.apply(round)));
        return out.getFirst();
    }

    /** The same round of a manager with that key. */
    public Deployer.Round with(Deployer.Round round, VerifyKey.Ed25519 other) {
        return new Deployer.Round(
                round.owner(),
                round.document(),
                Optional.of(other),
                round.purge(),
                round.identity(),
                round.facts(),
                round.manage());
    }

    public Deployer.Round round(Value document) {
        return new Deployer.Round(
                "machines_manager",
                document,
                Optional.empty(),
                true,
                "node1.acme",
                Value.obj("dc", Value.text("lon")),
                manage);
    }

    /** Every file below the state folder with its content. */
    public Map<String, String> tree() {
        Map<String, String> out = new LinkedHashMap<>();
        for (String name : state.walk("")) {
            out.put(name, new String(state.read(name, 1 << 24).orElse(new byte[0]), StandardCharsets.UTF_8));
        }
        return out;
    }

    public List<Value.Obj> sent(String kind) {
        return sent.stream()
                .filter(o -> o.event().type().equals("io.machineroom." + kind + ".v1"))
                .map(o -> o.event().data())
                .toList();
    }
}
