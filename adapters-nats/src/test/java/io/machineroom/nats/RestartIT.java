package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a killed server, a large backlog and other people's certificates do to links. */
final class RestartIT {
    private TestSaas saas;
    private Link backplane;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        backplane = saas.connect(saas.backplane(TestSaas.ACME));
        backplane.ensureStream(TestSaas.intakeSpec(100_000_000));
        backplane.ensureBucket("CONFIG");
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            saas.close();
        }
    }

    private Set<Long> drain(int count) throws InterruptedException {
        Set<Long> out = new TreeSet<>();
        try (Link link = saas.transport().connect(saas.backplane(TestSaas.ACME));
                Intake intake = link.intake("MR_INTAKE", "ingest")) {
            while (out.size() < count) {
                List<Intake.Arrival> arrivals = intake.read(1000, Duration.ofSeconds(10));
                assertTrue(!arrivals.isEmpty(), () -> "only " + out.size() + " of " + count + " came");
                arrivals.forEach(
                        a -> out.add(Stamp.ofHeaders(a.message().headers()).from()));
                intake.settle(arrivals);
            }
            assertEquals(List.of(), intake.read(1, Duration.ofMillis(300)));
        }
        return out;
    }

    @Test
    void aKilledServerLosesTheLinkButNotWhatItStored() throws InterruptedException {
        Link node = saas.connect(saas.node(TestSaas.ACME, "n1"));
        Sink sink = node.sink();
        List<Delivery> batch = new Deliveries("killed", Lane.NORMAL).messages(50);
        sink.append(batch.subList(0, 30), 0);
        backplane.bucket("CONFIG").put("machines", new byte[] {1});
        saas.killAndRestart();
        assertThrows(PortException.Unavailable.class, () -> sink.append(batch.subList(30, 50), 0));
        assertEquals(Link.State.LOST, node.state());

        Link again = saas.connect(saas.node(TestSaas.ACME, "n1"));
        assertEquals(50, again.sink().append(batch, 1).accepted());
        assertEquals(1, again.bucket("CONFIG").get("machines").orElseThrow().value().length);
        assertEquals(50, drain(50).size());
    }

    @Test
    void takesTwentyThousandMessages() throws InterruptedException {
        Sink sink = saas.connect(saas.node(TestSaas.ACME, "n1")).sink();
        Deliveries make = new Deliveries("many", Lane.BULK);
        long before = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertEquals(1000, sink.append(make.messages(1000), 0).accepted());
        }
        long sent = System.nanoTime();
        assertEquals(20_000, drain(20_000).size());
        System.getLogger("throughput")
                .log(
                        System.Logger.Level.INFO,
                        "20,000 sent in " + (sent - before) / 1_000_000 + " ms, taken in "
                                + (System.nanoTime() - sent) / 1_000_000 + " ms");
    }

    @Test
    void checksTheHostNameOfTheCertificate() {
        Endpoint good = saas.node(TestSaas.ACME, "n1");
        Endpoint named = new Endpoint(
                List.of(URI.create("tls://localhost:" + saas.url().getPort())),
                good.trust(),
                good.credentials(),
                good.clientName(),
                good.connectTimeout());
        PortException.Unavailable error = assertThrows(PortException.Unavailable.class, () -> saas.connect(named));
        assertEquals("link.untrusted", error.code(), error.toString());
    }

    @Test
    void trustsNobodyByDefault() {
        Endpoint good = saas.node(TestSaas.ACME, "n1");
        Endpoint system = new Endpoint(
                good.urls(), TrustPolicy.system(), good.credentials(), good.clientName(), good.connectTimeout());
        PortException.Unavailable error = assertThrows(PortException.Unavailable.class, () -> saas.connect(system));
        assertEquals("link.untrusted", error.code(), error.toString());
    }

    @Test
    void connectsWithACredentialsFile() throws InterruptedException {
        Endpoint.Credentials.Node node =
                (Endpoint.Credentials.Node) saas.node(TestSaas.ACME, "n1").credentials();
        byte[] file = node.natsJwt()
                .useText(jwt -> saas.authority.credentials(jwt, saas.keys.seedForCredentials(saas.nodeKey("n1"))));
        Endpoint endpoint = saas.endpoint("tool", new Endpoint.Credentials.NatsCredsFile(Secret.of(file)));
        assertEquals(Link.State.CONNECTED, saas.connect(endpoint).state());
    }

    @Test
    void refusesABrokenCredentialsFileWithoutShowingIt() {
        Endpoint endpoint = saas.endpoint("tool", new Endpoint.Credentials.NatsCredsFile(Secret.of("SUSECRETSEED")));
        PortException.Refused refused = assertThrows(PortException.Refused.class, () -> saas.connect(endpoint));
        assertEquals("link.credentials", refused.code());
        assertTrue(!refused.toString().contains("SECRET"), refused.toString());
    }
}
