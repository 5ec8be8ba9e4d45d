package io.machineroom.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.TransportContract;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import io.machineroom.ports.transport.Transport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpTransportTest extends TransportContract {
    private static final KeyRole UNKNOWN = new KeyRole("stranger", KeyRole.Form.HEX_SEED);

    private TestTls tls;
    private World world;

    @BeforeAll
    void makeCertificate() {
        tls = TestTls.fresh();
    }

    @BeforeEach
    void open() {
        world = new World(tls);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Override
    protected Transport transport() {
        return world.transport;
    }

    @Override
    protected Endpoint good() {
        return world.endpoint();
    }

    @Override
    protected URI deaf() {
        return world.deaf();
    }

    @Override
    protected Optional<Endpoint> untrusted() {
        Endpoint good = good();
        return Optional.of(new Endpoint(
                good.urls(),
                new TrustPolicy(List.of("cd".repeat(32)), 0),
                good.credentials(),
                good.clientName(),
                good.connectTimeout()));
    }

    @Override
    protected Endpoint stranger() {
        world.keyring.ensure(UNKNOWN);
        return world.endpoint(good().urls(), UNKNOWN);
    }

    @Test
    void neverSpeaksPlainHttp() {
        for (String url : List.of(
                "http://127.0.0.1:1", "https://user@127.0.0.1", "https://127.0.0.1/path", "https://127.0.0.1?x")) {
            Endpoint endpoint = world.endpoint(List.of(URI.create(url)), KeyRole.IDENTITY);
            PortException.Refused refused =
                    assertThrows(PortException.Refused.class, () -> transport().connect(endpoint));
            assertEquals("link.url", refused.code(), url);
        }
    }

    @Test
    void doesNotTakeNatsCredentials() {
        Endpoint endpoint = new Endpoint(
                good().urls(),
                TestTls.TRUST,
                new Endpoint.Credentials.NatsCredsFile(Secret.of("x")),
                "n1",
                Duration.ofSeconds(5));
        assertEquals(
                "link.unsupported",
                assertThrows(PortException.Refused.class, () -> transport().connect(endpoint))
                        .code());
    }

    @Test
    void connectsWithoutASessionToEnrol() throws InterruptedException {
        world.backplane.answer("enrol", "{}".getBytes(StandardCharsets.UTF_8));
        try (Link link = transport().connect(world.anonymous())) {
            assertEquals(2, link.request("enrol", new byte[] {'{', '}'}, Duration.ofSeconds(20)).length);
            assertEquals(List.of(), world.backplane.requests("/v1/session"));
            assertTrue(world.backplane
                    .requests("/v1/enrol")
                    .getFirst()
                    .header("authorization")
                    .isEmpty());
            assertEquals(
                    "link.unsupported",
                    assertThrows(PortException.Refused.class, () -> link.sink().append(List.of(), 0))
                            .code());
        }
    }

    @Test
    void isLostWhenTheGatewayIsGone() throws InterruptedException {
        try (Link link = world.connect()) {
            world.gateway.close();
            assertThrows(
                    PortException.Unavailable.class, () -> link.request("time", new byte[0], Duration.ofSeconds(5)));
            assertEquals(Link.State.LOST, link.state());
        }
    }
}
