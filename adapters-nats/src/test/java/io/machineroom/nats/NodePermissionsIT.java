package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.contract.Deliveries;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node may not do, tried on a real server. */
final class NodePermissionsIT {
    private static final Duration SHORT = Duration.ofMillis(500);

    private TestSaas saas;
    private Link acme;
    private Link node;
    private String other;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        acme = saas.connect(saas.backplane(TestSaas.ACME));
        acme.ensureStream(TestSaas.intakeSpec(1_000_000));
        acme.ensureBucket("CONFIG");
        acme.ensureBucket("SECRETS");
        node = saas.connect(saas.node(TestSaas.ACME, "n1"));
        other = saas.nkey(saas.nodeKey("n2"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            saas.close();
        }
    }

    private static Message message(String subject) {
        return new Message(Subject.of(subject), "id-" + subject, Map.of(), ByteBuffer.allocate(3), Instant.EPOCH);
    }

    @Test
    void publishesOnlyBelowItsOwnKey() {
        for (String subject :
                List.of("mr." + other + ".choria.machine.transition", "mr.x", "choria.machine.transition")) {
            PortException.Unavailable error =
                    assertThrows(PortException.Unavailable.class, () -> node.store(List.of(message(subject))));
            assertEquals("sink.unauthorized", error.code());
        }
        assertEquals(Link.State.CONNECTED, node.state());
    }

    @Test
    void writesNoReceiptsAndNoDesiredState() throws InterruptedException {
        Mailbox<Message> box = new LiveRuntime().mailbox(10);
        acme.subscribe(Subject.of("machine_room.receipt.>"), box);
        node.publish(message("machine_room.receipt." + other));
        assertThrows(PortException.Refused.class, () -> node.bucket("CONFIG").put("machines", new byte[1]));
        assertTrue(box.poll(SHORT).isEmpty());
        assertTrue(acme.bucket("CONFIG").get("machines").isEmpty());
    }

    @Test
    void hearsNobodyElse() {
        Mailbox<Message> box = new LiveRuntime().mailbox(10);
        for (String subject :
                List.of("machine_room.receipt." + other, "machine_room.receipt.>", "mr.>", ">", "_INBOX.>")) {
            PortException.Unavailable error =
                    assertThrows(PortException.Unavailable.class, () -> node.subscribe(Subject.of(subject), box));
            assertEquals("link.denied", error.code());
        }
    }

    @Test
    void mayNotTouchTheJetStreamApi() {
        for (String call : List.of(
                "$JS.API.INFO",
                "$JS.API.STREAM.LIST",
                "$JS.API.STREAM.INFO.MR_INTAKE",
                "$JS.API.STREAM.PURGE.MR_INTAKE",
                "$JS.API.STREAM.DELETE.MR_INTAKE",
                "$JS.API.CONSUMER.LIST.MR_INTAKE",
                "$JS.API.STREAM.MSG.GET.MR_INTAKE",
                "$JS.API.DIRECT.GET.MR_INTAKE")) {
            PortException.Unavailable error = assertThrows(
                    PortException.Unavailable.class, () -> node.request(call, new byte[0], Duration.ofSeconds(5)));
            assertEquals("link.denied", error.code(), call);
        }
    }

    @Test
    void takesPartInElectionsAndLeavesTheirBucketAlone() throws InterruptedException {
        acme.bucket(BucketSpec.ELECTIONS).make(BucketSpec.elections());
        Bucket elections = node.bucket(BucketSpec.ELECTIONS);
        assertEquals(BucketSpec.elections(), elections.facts().spec());
        long first = elections.create("boss", new byte[] {1}).orElseThrow();
        long second = elections.update("boss", new byte[] {1}, first).orElseThrow();
        assertEquals(second, elections.history("boss").getLast().entry().revision());
        assertEquals(Set.of("boss"), elections.keys());
        assertTrue(elections.delete("boss", second));
        assertTrue(elections.create("boss", new byte[] {2}).isPresent());
        for (Tasks.Body act : List.<Tasks.Body>of(
                () -> elections.drop(), () -> node.bucket("MINE").make(BucketSpec.plain()))) {
            assertEquals(
                    "bucket.not-permitted",
                    assertThrows(PortException.Refused.class, act::run).code());
        }
        for (String call : List.of("PURGE", "DELETE", "UPDATE", "MSG.GET", "MSG.DELETE")) {
            String subject = "$JS.API.STREAM." + call + ".KV_CHORIA_LEADER_ELECTION";
            assertEquals(
                    "link.denied",
                    assertThrows(
                                    PortException.Unavailable.class,
                                    () -> node.request(subject, new byte[0], Duration.ofSeconds(5)))
                            .code());
        }
    }

    @Test
    void readsThePastOfDesiredStateAndOfNoOtherBucket() throws InterruptedException {
        long first = acme.bucket("CONFIG").put("machines", new byte[] {1});
        long second = acme.bucket("CONFIG").put("machines", new byte[] {2});
        acme.bucket("CONFIG").put("other", new byte[] {3});
        List<Long> told = node.bucket("CONFIG").history("machines").stream()
                .map(change -> change.entry().revision())
                .toList();
        assertTrue(told.equals(List.of(first, second)) || told.equals(List.of(second)), told::toString);
        assertEquals(List.of(), node.bucket("CONFIG").history("absent"));
        assertEquals(Set.of("machines", "other"), node.bucket("CONFIG").keys());
        acme.bucket("SECRETS").put("x", new byte[] {1});
        PortException.Unavailable error = assertThrows(
                PortException.Unavailable.class, () -> node.bucket("SECRETS").history("x"));
        assertEquals("bucket.unauthorized", error.code());
    }

    @Test
    void readsNoOtherBucket() {
        PortException.Unavailable error = assertThrows(
                PortException.Unavailable.class, () -> node.bucket("SECRETS").get("x"));
        assertEquals("bucket.unauthorized", error.code());
    }

    @Test
    void staysInItsCustomersAccount() throws InterruptedException {
        Link globex = saas.connect(saas.backplane(TestSaas.GLOBEX));
        globex.ensureStream(TestSaas.intakeSpec(1_000_000));
        globex.ensureBucket("CONFIG");
        globex.bucket("CONFIG").put("machines", new byte[] {7});
        Sink.Receipt receipt = node.sink().append(new Deliveries("isolated", Lane.NORMAL).messages(3), 0);
        assertEquals(3, receipt.accepted());
        assertTrue(node.bucket("CONFIG").get("machines").isEmpty());
        try (Intake theirs = globex.intake("MR_INTAKE", "ingest");
                Intake ours = acme.intake("MR_INTAKE", "ingest")) {
            assertEquals(List.of(), theirs.read(10, SHORT));
            assertEquals(3, ours.read(10, Duration.ofSeconds(5)).size());
        }
    }

    @Test
    void isNotLetInAfterItsGrantExpired() {
        String nkey = saas.nkey(saas.nodeKey("n1"));
        String expired = saas.authority.user(
                saas.keys,
                TestSaas.ACME,
                saas.authority.nodeGrant(nkey, "n1", Instant.now().minusSeconds(60)));
        Endpoint.Credentials.Node credentials =
                new Endpoint.Credentials.Node("n1", nkey, Secret.of(expired), saas.nodeKey("n1"), saas.nodeKey("n1"));
        PortException.Unavailable error =
                assertThrows(PortException.Unavailable.class, () -> saas.connect(saas.endpoint("n1", credentials)));
        assertEquals("link.unauthorized", error.code());
    }

    @Test
    void isNotLetInWithAnotherNodesJwt() {
        Endpoint.Credentials.Node theirs =
                (Endpoint.Credentials.Node) saas.node(TestSaas.ACME, "n2").credentials();
        Endpoint.Credentials.Node credentials = new Endpoint.Credentials.Node(
                "n1", theirs.nodeKey(), theirs.natsJwt(), saas.nodeKey("n1"), saas.nodeKey("n1"));
        PortException.Unavailable error =
                assertThrows(PortException.Unavailable.class, () -> saas.connect(saas.endpoint("n1", credentials)));
        assertEquals("link.unauthorized", error.code());
        assertFalse(error.toString().contains(theirs.natsJwt().useText(t -> t)));
    }
}
