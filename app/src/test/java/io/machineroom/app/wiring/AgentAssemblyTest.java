package io.machineroom.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.app.codec.JacksonJson;
import io.machineroom.app.config.AgentOptions;
import io.machineroom.app.config.ConfigLoader;
import io.machineroom.app.config.ConfigSource;
import io.machineroom.app.host.LocalFileTree;
import io.machineroom.domain.agent.RegisteredFile;
import io.machineroom.domain.replication.SiteMeans;
import io.machineroom.domain.spooling.submission.SubmissionPlace;
import io.machineroom.domain.spooling.submission.SubmissionSettings;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.security.CertificateIssuer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a real configuration file, with the settings of an enrolment beneath it, makes the agent of. */
final class AgentAssemblyTest {
    @TempDir
    private Path folder;

    private final List<Long> artifactBytes = new ArrayList<>();

    @SuppressWarnings("NullAway") // nothing here asks for machines or for the world
    private AgentAssembly assembly(String... lines) throws IOException {
        Path file = folder.resolve("agent.cfg");
        Files.writeString(file, String.join("\n", lines));
        AgentOptions options = PlainBuild.options();
        Backends.Site site = new Backends.Site(
                unused(Broker.class), () -> unused(CertificateIssuer.class), LocalFileTree::new, Optional.of(bytes -> {
                    artifactBytes.add(bytes);
                    return null;
                }));
        Backends backends = new Backends(
                new SpoolProviders(List.of(), List::of),
                HostModule.formats(new JacksonJson()),
                LocalFileTree::new,
                Optional.of(site));
        return new AgentAssembly(
                options, new ConfigSource(new ConfigLoader(Map.of(), Map.of()), file), backends, null, null);
    }

    @Test
    void theEncodingOfEvents() throws IOException {
        assertEquals(
                "application/cloudevents+protobuf",
                assembly("").format(Map.of()).contentType());
        assertEquals(
                "application/cloudevents+json",
                assembly("event.encoding=json").format(Map.of()).contentType());
        assertEquals(
                "application/cloudevents+json",
                assembly("").format(Map.of("event.encoding", "json")).contentType());
    }

    /** The operator's file wins over what the backplane sends. */
    @Test
    void theFileThatIsRegistered() throws IOException {
        assertTrue(assembly("").registrationFile(Map.of()).isEmpty());
        Files.writeString(folder.resolve("own.json"), "{}");
        Map<String, String> provisioned = Map.of();
        RegisteredFile.Place place = assembly("registration.file=own.json", "registration.file_form=plain")
                .registrationFile(provisioned)
                .orElseThrow();
        assertFalse(place.compressed());
        assertEquals("{}", new String(place.files().read(place.name(), 10).orElseThrow(), StandardCharsets.UTF_8));
    }

    @Test
    void whatALeaderRuns() throws IOException {
        SiteMeans means = assembly(
                        "site.artifacts.max_bytes=2MiB",
                        "site.directory=here",
                        "site.listen=10.0.0.9",
                        "site.intake_bytes=3MiB",
                        "site.config_prefix=eu",
                        "site.broker.program=bin/nats-server")
                .site(Map.of())
                .orElseThrow();
        assertEquals(List.of(2L << 20), artifactBytes);
        assertEquals(folder.resolve("here"), means.files().path("").normalize());
        assertEquals("10.0.0.9", means.settings().listen());
        assertEquals(3L << 20, means.settings().intakeBytes());
        assertEquals("eu", means.settings().configPrefix());
        assertEquals(
                Optional.of(folder.resolve("bin/nats-server")), means.settings().program());
    }

    @Test
    void whereOthersSubmit() throws IOException {
        SubmissionPlace place = assembly(
                        "submission.directory=in", "submission.max_messages=7", "submission.max_bytes=9KiB")
                .submissions(Map.of())
                .orElseThrow();
        assertEquals(new SubmissionSettings(7, 9 << 10), place.settings());
        assertEquals(folder.resolve("in"), place.files().path("").normalize());
    }

    private static <T> T unused(Class<T> port) {
        return port.cast(Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, (self, method, with) -> {
            throw new AssertionError(method);
        }));
    }
}
