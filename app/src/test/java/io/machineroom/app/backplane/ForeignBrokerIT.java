package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.backplane.Charter;
import io.machineroom.ports.broker.BrokerAuthority;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.TrustPolicy;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backplane that writes its vendor-facing streams to a broker of somebody else, with the documented permissions only. */
final class ForeignBrokerIT {
    private static final KeyRole USER = new KeyRole("vendor", KeyRole.Form.NKEY_USER);
    private static final List<String> PUBLISH = List.of(
            "machine_room.>",
            "$JS.API.INFO",
            "$JS.API.STREAM.INFO.*",
            "$JS.API.STREAM.CREATE.*",
            "$JS.API.STREAM.UPDATE.*");

    @TempDir
    private Path directory;

    private final List<RunningBackplane> running = new ArrayList<>();

    @AfterEach
    void down() throws InterruptedException {
        for (RunningBackplane one : running) {
            one.close();
        }
    }

    private RunningBackplane backplane(String name, String... more) throws IOException {
        Path home = Files.createDirectories(directory.resolve(name));
        RunningBackplane one = new RunningBackplane(home).init("acme");
        running.add(one);
        return one.start(more);
    }

    /** The graph of the directory whose broker is used. */
    private static BackplaneGraph graph(RunningBackplane owner) {
        return DaggerBackplaneComponent.factory().create(new StateDirectory(owner.state));
    }

    private Path credentials(RunningBackplane owner) throws IOException {
        BackplaneGraph graph = graph(owner);
        Keyring keys = graph.trust().keys();
        keys.ensure(USER);
        BrokerAuthority.UserGrant grant = new BrokerAuthority.UserGrant(
                keys.publicNkey(USER).orElseThrow(), "vendor", PUBLISH, List.of("_INBOX.>"), null);
        String jwt = graph.authority().user(keys, Charter.account(Charter.OWN_ACCOUNT), grant);
        return Files.write(
                directory.resolve("vendor.creds"), graph.authority().credentials(jwt, keys.seedForCredentials(USER)));
    }

    /** What a stream of the owner's account holds, as its own user sees it. */
    private static List<Message> held(RunningBackplane owner, String stream, int count) throws InterruptedException {
        BackplaneGraph graph = graph(owner);
        Keyring keys = graph.trust().keys();
        KeyRole own = Charter.user(Charter.OWN_ACCOUNT);
        keys.ensure(own);
        String jwt = graph.authority()
                .user(
                        keys,
                        Charter.account(Charter.OWN_ACCOUNT),
                        new BrokerAuthority.UserGrant(
                                keys.publicNkey(own).orElseThrow(), "test", List.of(">"), List.of(">"), null));
        TrustPolicy trust = new TrustPolicy(
                List.of(graph.certificates().pin(owner.offline.resolve("ca.pem"))),
                Instant.now().getEpochSecond());
        Endpoint there = new Endpoint(
                List.of(URI.create(owner.brokers().getFirst())),
                trust,
                new Endpoint.Credentials.NatsUser(Secret.of(jwt), own),
                "test",
                Duration.ofSeconds(10));
        List<Message> out = new ArrayList<>();
        try (Link link = graph.doors().nats().connect(there);
                Intake intake = link.intake(stream, "check")) {
            for (int i = 0; i < 60 && out.size() < count; i++) {
                List<Intake.Arrival> some = intake.read(count, Duration.ofSeconds(1));
                some.forEach(arrival -> out.add(arrival.message()));
                intake.settle(some);
            }
        }
        return out;
    }

    private static String token(RunningBackplane of) throws Exception {
        return of.command(
                        "token",
                        "--state",
                        of.state.toString(),
                        "--offline",
                        of.offline.toString(),
                        "--customer",
                        "acme",
                        "--print")
                .strip();
    }

    @Test
    void saysWhatABrokerWithoutCredentialsMustBeAndGoesOnOverHttps() throws Exception {
        RunningBackplane owner = backplane("owner");
        RunningBackplane guest = backplane("guest", "--nats", owner.brokers().getFirst());
        assertTrue(guest.note().contains("it must trust the operator"), guest.note());
        assertTrue(guest.note().contains("--creds FILE"), guest.note());
        TestNode node =
                new TestNode(guest, directory.resolve("n1"), "n1", new Epoch("a".repeat(32), 1, "b".repeat(32)));
        node.enrol(token(guest));
        assertEquals(200, node.batch(node.session(), 1, 3).statusCode());
    }

    @Test
    void writesVendorStreamsWithTheDocumentedPermissions() throws Exception {
        RunningBackplane owner = backplane("owner");
        RunningBackplane guest = backplane(
                "guest",
                "--nats",
                owner.brokers().getFirst(),
                "--creds",
                credentials(owner).toString(),
                "--nats-ca",
                owner.offline.resolve("ca.pem").toString());
        assertEquals(List.of(), guest.brokers());
        TestNode node =
                new TestNode(guest, directory.resolve("n1"), "n1", new Epoch("a".repeat(32), 1, "b".repeat(32)));
        node.enrol(token(guest));
        assertEquals(200, node.batch(node.session(), 1, 30).statusCode());
        assertEquals(
                200,
                node.batch(node.session(), node.deliveries("clone-", 30, 30)).statusCode());
        assertEquals(200, node.batch(node.session(), 30, 30).statusCode(), "a repeat is dropped");
        List<Message> all = held(owner, "MACHINE_ROOM_EVENTS", 33);
        List<Message> events = all.subList(0, 30);
        assertEquals(32, all.size(), "30 events, the clone's on number 30, and the news of the fork");
        assertTrue(all.get(30).id().endsWith(".30.clone-30"), all.get(30).id());
        assertEquals(
                "machine_room.events.acme.machine.room.node_forked",
                all.get(31).subject().text());
        Message last = events.getLast();
        assertEquals(
                "machine_room.events.acme.machine.transition", last.subject().text());
        assertEquals("n1", last.headers().get("Mr-Identity"));
        assertEquals("29", last.headers().get("Mr-Store-Index"));
        assertTrue(last.contentType().startsWith("application/cloudevents+"), last.contentType());
    }
}
