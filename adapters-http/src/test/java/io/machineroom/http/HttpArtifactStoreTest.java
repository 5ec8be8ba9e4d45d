package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.contract.ArtifactStoreContract;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.transport.CurrentEndpoint;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpArtifactStoreTest extends ArtifactStoreContract {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static TestTls tls;

    @TempDir
    private Path directory;

    private World world;
    private LyingServer server;
    private Optional<Endpoint> current = Optional.empty();
    private int targets;

    @BeforeAll
    static void makeCertificate() {
        tls = TestTls.fresh();
    }

    @BeforeEach
    void open() {
        world = new World(tls);
        server = new LyingServer();
    }

    @AfterEach
    void close() {
        server.close();
        world.close();
    }

    @Override
    protected ArtifactStore store() {
        CurrentEndpoint endpoint = () -> current;
        return world.artifacts(endpoint);
    }

    @Override
    protected Server server() {
        return server;
    }

    @Override
    protected Path target() {
        return directory.resolve("download-" + targets++);
    }

    @Override
    protected Optional<byte[]> content(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Offers a file at the gateway of the enrolment, for sessions only. */
    private URI onGateway(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("offered"), content);
        world.backplane.interfere(request -> {
            if (!request.path().startsWith("/v1/artifacts/")) {
                return Optional.empty();
            }
            if (!request.header("Authorization").orElse("").matches("Bearer s\\d+")) {
                throw new PortException.Refused("session.expired", "no session");
            }
            return Optional.of(Gateway.Response.file(file, "application/gzip"));
        });
        return URI.create(world.gateway.url() + "/v1/artifacts/one.tar.gz");
    }

    private static byte[] random(int size) {
        byte[] out = new byte[size];
        new Random(size).nextBytes(out);
        return out;
    }

    @Test
    void fetchesFromTheGatewayInTheSessionOfTheOpenLink() throws IOException, InterruptedException {
        byte[] content = random(100_000);
        URI url = onGateway(content);
        Path into = target();
        try (Link link = world.connect()) {
            assertEquals(Link.State.CONNECTED, link.state());
            assertEquals(content.length, store().fetch(url, Optional.empty(), 1 << 20, into, LONG));
        }
        assertArrayEquals(content, content(into).orElseThrow());
        assertEquals(1, world.backplane.requests("/v1/session/challenge").size());
    }

    @Test
    void opensASessionOfItsOwnWhenNoLinkIsOpen() throws IOException, InterruptedException {
        byte[] content = random(50_000);
        URI url = onGateway(content);
        current = Optional.of(world.endpoint());
        Path into = target();
        assertEquals(content.length, store().fetch(url, Optional.empty(), 1 << 20, into, LONG));
        assertArrayEquals(content, content(into).orElseThrow());
        assertTrue(world.authority.at(Origin.of(url).orElseThrow()).isEmpty(), "and closes it");
    }

    @Test
    void goesOnAtTheGatewayWhereItBrokeOff() throws IOException, InterruptedException {
        byte[] content = random(80_000);
        URI url = onGateway(content);
        current = Optional.of(world.endpoint());
        Path into = target();
        assertThrows(PortException.Refused.class, () -> store().fetch(url, Optional.empty(), 100, into, LONG));
        assertFalse(Files.exists(into));
        store().fetch(url, Optional.empty(), 1 << 20, into, LONG);
        String etag = world.backplane.requests("/v1/artifacts").isEmpty() ? "" : etag(url);
        Files.write(into, java.util.Arrays.copyOf(content, 30_000));
        Files.writeString(into.resolveSibling(into.getFileName() + ".etag"), etag);
        store().fetch(url, Optional.empty(), 1 << 20, into, LONG);
        assertArrayEquals(content, content(into).orElseThrow());
        assertEquals(
                "bytes=30000-",
                world.backplane
                        .requests("/v1/artifacts")
                        .getLast()
                        .header("range")
                        .orElse("none"));
        assertFalse(Files.exists(into.resolveSibling(into.getFileName() + ".etag")), "the tag has done its work");
    }

    private String etag(URI url) throws InterruptedException {
        try (GatewayClient client = new GatewayClient(
                world.gateway.url(), tls.client(TestTls.TRUST), LONG, Clients.jdk(Optional.empty()))) {
            java.util.Map<String, String> session = java.util.Map.of("Authorization", "Bearer s1");
            return client.send(new GatewayClient.Ask("HEAD", url.getPath(), session, new byte[0], LONG, 10))
                    .header("ETag")
                    .orElseThrow();
        }
    }

    @Test
    void knowsThatAFileIsCompleteAlready() throws IOException, InterruptedException {
        byte[] content = random(5_000);
        URI url = onGateway(content);
        current = Optional.of(world.endpoint());
        Path into = target();
        Files.write(into, content);
        Files.writeString(into.resolveSibling(into.getFileName() + ".etag"), etag(url));
        assertEquals(content.length, store().fetch(url, Optional.empty(), 1 << 20, into, LONG));
        assertArrayEquals(content, content(into).orElseThrow());
    }

    @Test
    void renewsASessionThatEnded() throws IOException, InterruptedException {
        byte[] content = random(5_000);
        URI url = onGateway(content);
        try (Link link = world.connect()) {
            assertEquals(Link.State.CONNECTED, link.state());
            boolean[] refused = {false};
            Path file = directory.resolve("offered");
            world.backplane.interfere(request -> {
                if (!request.path().startsWith("/v1/artifacts/")) {
                    return Optional.empty();
                }
                if (!refused[0]) {
                    refused[0] = true;
                    throw new PortException.Refused("session.expired", "over");
                }
                return Optional.of(Gateway.Response.file(file, "application/gzip"));
            });
            assertEquals(content.length, store().fetch(url, Optional.empty(), 1 << 20, target(), LONG));
            assertEquals(2, world.backplane.requests("/v1/session/challenge").size());
        }
    }

    @Test
    void doesNotTellTheSessionToAnybodyElse() throws IOException, InterruptedException {
        onGateway(random(10));
        URI elsewhere = server.offer("x", random(10));
        world.backplane.interfere(request -> request.path().startsWith("/v1/artifacts/")
                ? Optional.of(new Gateway.Response(
                        307, java.util.Map.of("Location", elsewhere.toString()), new byte[0], null))
                : Optional.empty());
        current = Optional.of(world.endpoint());
        URI url = URI.create(world.gateway.url() + "/v1/artifacts/x");
        ArtifactStore.Login login = new ArtifactStore.Login("u", Secret.of("pw"));
        PortException.Refused refused = assertThrows(
                PortException.Refused.class, () -> store().fetch(url, Optional.of(login), 100, target(), LONG));
        assertEquals("artifact.redirect", refused.code());
        assertEquals(0, server.logins("x").size());
    }

    @Test
    void asksOtherHttpsServersWithTheLoginOnly() throws IOException, InterruptedException {
        Path file = Files.write(directory.resolve("other"), random(70));
        String[] seen = {""};
        try (Gateway.Running other = world.serve(0, request -> {
            seen[0] = request.header("Authorization").orElse("-");
            return Gateway.Response.file(file, "application/gzip");
        })) {
            current = Optional.of(world.endpoint());
            ArtifactStore.Login login = new ArtifactStore.Login("u", Secret.of("pw"));
            URI url = URI.create(other.url() + "/x");
            assertEquals(70, store().fetch(url, Optional.of(login), 100, target(), LONG));
            assertEquals("Basic dTpwdw==", seen[0]);
        }
    }

    @Test
    void saysThatAServerCannotBeReached() {
        PortException.Unavailable gone = assertThrows(
                PortException.Unavailable.class,
                () -> store().fetch(world.deaf(), Optional.empty(), 100, target(), LONG));
        assertEquals("artifact.unreachable", gone.code());
    }
}
