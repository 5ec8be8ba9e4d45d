package io.machineroom.app.conformance.machines;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.codec.SnakeYaml;
import io.machineroom.app.crypto.Ed25519Signatures;
import io.machineroom.app.host.CommonsArchiveReader;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.app.host.LocalHostFiles;
import io.machineroom.app.host.SystemRuntime;
import io.machineroom.domain.deployment.ArchiveLimits;
import io.machineroom.domain.deployment.Deployer;
import io.machineroom.domain.deployment.DeployerPorts;
import io.machineroom.domain.deployment.DeployerSettings;
import io.machineroom.domain.deployment.PluginHost;
import io.machineroom.domain.deployment.PluginStore;
import io.machineroom.domain.deployment.SignedSpecification;
import io.machineroom.domain.deployment.SignedSpecification.Policy;
import io.machineroom.domain.deployment.SignedSpecification.Verified;
import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.machine.DefinitionReader;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.Signatures;
import io.machineroom.ports.security.VerifyKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choria's published deployment verifies and deploys with the real parts of this host. */
final class OtaEchoTest {
    private final MachineVectors vectors = MachineVectors.find();
    private final JsonFormat json = new JacksonJson();
    private final Signatures signatures = new Ed25519Signatures();
    private final VerifyKey.Ed25519 key = VerifyKey.hex(vectors.text("ota-echo/signer.pub"));
    private final Value document = json.read(vectors.bytes("ota-echo/signed-specification.json"));

    @TempDir
    private Path folder;

    @Test
    void theListVerifiesOverItsBase64Text() {
        SignedSpecification list = SignedSpecification.of(document).orElseThrow();
        Verified verified = assertInstanceOf(
                Verified.class, list.verify(key, new Policy("", "", 0, 0, "", false), signatures, json));
        assertArrayEquals(vectors.bytes("ota-echo/spec.json"), verified.list());
    }

    @Test
    void theArchiveDeploysAndItsMachineLoads() throws InterruptedException {
        PluginStore store = new PluginStore(new LocalFileTree(folder), json, signatures);
        Deployer deployer = deployer(store);
        deployer.recover();
        Deployer.Round round = new Deployer.Round(
                "machines_manager", document, Optional.empty(), true, "node", Value.obj(), Optional.empty());
        Deployer.Answer answer = deployer.apply(round);
        assertEquals("", answer.error());
        assertEquals(List.of("echo"), answer.names());
        PluginStore.Version version = store.current().getFirst();
        assertTrue(Files.isRegularFile(version.directory().resolve("SHA256SUMS")));
        assertEquals("90d31a4ff899ac7afc14ed9a765607f83b685747f47e2c43f4d5a3c3fec28c5f", version.digest());
        byte[] manifest = store.manifest(version);
        assertArrayEquals(vectors.bytes("ota-echo/echo/machine.yaml"), manifest);
        assertInstanceOf(DefinitionReader.Readable.class, read(manifest));
    }

    private Deployer deployer(PluginStore store) {
        SystemRuntime runtime = new SystemRuntime();
        List<Outgoing> sent = new ArrayList<>();
        DeployerSettings settings = new DeployerSettings(
                Optional.of(key),
                "",
                "",
                OptionalLong.empty(),
                () -> 0,
                Duration.ofMinutes(2),
                Duration.ZERO,
                Duration.ofSeconds(30),
                ArchiveLimits.defaults());
        DeployerPorts ports = new DeployerPorts(
                store,
                json,
                signatures,
                published(),
                new CommonsArchiveReader(),
                new LocalHostFiles(),
                runtime,
                runtime,
                java.util.Optional.empty());
        Events events = new Events("node", Events.COMPONENT_SERVER, "1", runtime, runtime);
        PluginHost host = new PluginHost() {
            @Override
            public void changed() {}

            @Override
            public Health health(String plugin) {
                return new Starting("");
            }

            @Override
            public boolean occupies(String plugin) {
                return false;
            }
        };
        return new Deployer(settings, ports, events, sent::add, host);
    }

    private static DefinitionReader.Reading read(byte[] manifest) {
        return new DefinitionReader(WatcherCatalog.builtInAnd(List.of()))
                .read(new SnakeYaml().read(manifest).root(), path -> 0);
    }

    private ArtifactStore published() {
        return (source, login, maxBytes, into, timeout) -> {
            assertEquals("http://plugins.backend.saas.local/echo-0.0.1.tgz", source.toString());
            try {
                Files.write(into, vectors.bytes("ota-echo/echo-0.0.1.tgz"));
                return Files.size(into);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }
}
