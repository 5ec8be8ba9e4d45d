package io.machineroom.app.bench.machines;

import io.machineroom.app.bench.BenchBroker;
import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.crypto.FileKeyring;
import io.machineroom.app.host.CommonsArchiveWriter;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.domain.backplane.PluginPacker;
import io.machineroom.domain.deployment.SignedSpecification;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ArchiveWriter;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Time from the acknowledged change of key {@code machines} in a real nats-server to the new version of a machine running
 * on a node, at a random moment each time. The archive is copied, not downloaded. Arguments: an empty folder, rounds.
 */
public final class DeployRig {
    private static final String MANIFEST = """
            name: echo
            version: 1.0.%d
            initial_state: A
            transitions:
              - {name: go, from: [A], destination: B}
            watchers:
              - {name: tick, type: file, state_match: [A], properties: {path: machine.yaml}}
            """;

    private final Path folder;
    private final JacksonJson json = new JacksonJson();
    private final Ed25519Signatures signatures = new Ed25519Signatures();
    private final FileKeyring keys;

    private DeployRig(Path folder) {
        this.folder = folder;
        this.keys = new FileKeyring(new LocalFileTree(folder.resolve("vendor")), new SystemRuntime());
    }

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory(Files.createDirectories(Path.of(args[0])), "deploy");
        new DeployRig(folder).measure(Integer.parseInt(args[1]));
    }

    private void measure(int rounds) throws Exception {
        Random chance = new Random(7);
        List<Double> millis = new ArrayList<>();
        try (BenchBroker broker = new BenchBroker(folder.resolve("broker"));
                Link vendor = broker.administrator()) {
            vendor.ensureBucket("CONFIG");
            Bucket desired = vendor.bucket("CONFIG");
            try (Link link = broker.node();
                    RigHost node = node(link)) {
                for (int version = 0; version <= rounds; version++) {
                    byte[] list = json.write(list(version));
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2_000 + chance.nextInt(2_000)));
                    desired.put("machines", list);
                    double took = untilRuns(node, "1.0." + version, System.nanoTime());
                    System.err.printf(Locale.ROOT, "version %d: %.0f ms%n", version, took);
                    if (version > 0) {
                        millis.add(took);
                    }
                }
            }
        }
        List<Double> sorted = millis.stream().sorted().toList();
        System.out.printf(
                Locale.ROOT,
                "| from change to running, ms, %d versions | %.0f [%.0f..%.0f] |%n",
                sorted.size(),
                sorted.get(sorted.size() / 2),
                sorted.getFirst(),
                sorted.getLast());
    }

    private RigHost node(Link link) throws IOException {
        return new RigHost(
                folder.resolve("node"),
                new RigWorld(
                        new SystemRuntime(),
                        new Pulse(),
                        Optional.of(keys.ensure(KeyRole.IDENTITY)),
                        (source, login, maxBytes, into, timeout) -> copy(source, into),
                        link::bucket));
    }

    private static long copy(URI source, Path into) {
        try {
            return Files.copy(Path.of(source.getPath()), into, java.nio.file.StandardCopyOption.REPLACE_EXISTING)
                    .toFile()
                    .length();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private Value.Obj list(int version) throws IOException {
        Path plugin = Files.createDirectories(folder.resolve("source/echo"));
        Files.writeString(plugin.resolve("machine.yaml"), String.format(Locale.ROOT, MANIFEST, version));
        Files.deleteIfExists(plugin.resolve("SHA256SUMS"));
        PluginPacker.Plan plan = new PluginPacker(signatures, new SnakeYaml()).plan(new LocalFileTree(plugin), "echo");
        List<ArchiveWriter.Item> items = new ArrayList<>();
        items.add(ArchiveWriter.Item.directory("echo", 0755));
        plan.files().forEach(f -> items.add(ArchiveWriter.Item.file("echo/" + f, 0644, plugin.resolve(f))));
        Path archive = folder.resolve("echo-" + version + ".tgz").toAbsolutePath();
        new CommonsArchiveWriter().write(archive, items);
        Value.Obj entry = Value.obj(
                        "name", Value.text("echo"),
                        "source", Value.text("https://localhost" + archive),
                        "checksum", Value.text(signatures.sha256(archive)))
                .with("verify_checksum", Value.text(plan.sumsDigest()));
        return SignedSpecification.sign(json.write(Value.arr(entry)), bytes -> keys.sign(KeyRole.IDENTITY, bytes))
                .toValue();
    }

    private static double untilRuns(RigHost node, String version, long begin) {
        long end = begin + TimeUnit.MINUTES.toNanos(1);
        while (node.machines().machines().stream()
                .noneMatch(m -> m.name().equals("echo") && m.version().equals(version) && m.startTime() > 0)) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        version + " does not run: " + node.machines().machines());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        return (System.nanoTime() - begin) / 1e6;
    }
}
