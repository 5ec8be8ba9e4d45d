package io.machineroom.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.BrokerAuthority.UserGrant;
import io.machineroom.ports.contract.LiveRuntime;
import io.machineroom.ports.data.Secret;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Endpoint;
import io.machineroom.ports.transport.Link;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What leader and follower of a site may not do, tried on a real server. {@code GLOBEX} stands for the site's account. */
final class SitePermissionsIT {
    private static final KeyRole UNKNOWN = new KeyRole("account-site-acme.plant", KeyRole.Form.NKEY_ACCOUNT);

    private TestSaas saas;
    private Link acme;
    private Link site;

    @BeforeEach
    void start() throws InterruptedException {
        saas = TestSaas.start();
        acme = saas.connect(saas.backplane(TestSaas.ACME));
        acme.ensureStream(TestSaas.intakeSpec(1_000_000));
        acme.ensureBucket("CONFIG");
        site = saas.connect(saas.backplane(TestSaas.GLOBEX));
        site.ensureStream(TestSaas.intakeSpec(1_000_000));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (saas != null) {
            saas.close();
        }
    }

    private static StreamSpec withSites() {
        StreamSpec before = TestSaas.intakeSpec(1_000_000);
        return new StreamSpec(
                before.name(),
                List.of(Subject.of("mr.>"), Subject.of("mu.>"), Subject.of("ms.>")),
                before.retention(),
                before.maxBytes(),
                before.maxAge(),
                before.maxMessagesPerSubject(),
                before.discard());
    }

    private Endpoint as(KeyRole account, UserGrant grant, String name) {
        String jwt = saas.authority.user(saas.keys, account, grant);
        return saas.endpoint(
                name,
                new Endpoint.Credentials.Node(
                        name, grant.userNkey(), Secret.of(jwt), saas.nodeKey(name), KeyRole.IDENTITY));
    }

    private Endpoint leader(Instant until) {
        String nkey = saas.nkey(saas.nodeKey("boss"));
        return as(TestSaas.ACME, saas.authority.leaderGrant(nkey, "boss", "plant", until), "boss");
    }

    private Endpoint follower(KeyRole account) {
        String nkey = saas.nkey(saas.nodeKey("n1"));
        return as(account, saas.authority.followerGrant(nkey, "n1", null), "n1");
    }

    private static Message message(String subject) {
        return new Message(Subject.of(subject), "id-" + subject, Map.of(), ByteBuffer.allocate(3), Instant.EPOCH);
    }

    private static void maySendOnly(Link link, List<String> may, List<String> mayNot) throws InterruptedException {
        for (String subject : may) {
            link.store(List.of(message(subject)));
        }
        for (String subject : mayNot) {
            assertEquals(
                    "sink.unauthorized",
                    assertThrows(PortException.Unavailable.class, () -> link.store(List.of(message(subject))), subject)
                            .code());
        }
    }

    private static void mayHearOnly(Link link, List<String> may, List<String> mayNot) {
        Mailbox<Message> box = new LiveRuntime().mailbox(10);
        may.forEach(subject -> link.subscribe(Subject.of(subject), box).close());
        for (String subject : mayNot) {
            assertEquals(
                    "link.denied",
                    assertThrows(
                                    PortException.Unavailable.class,
                                    () -> link.subscribe(Subject.of(subject), box),
                                    subject)
                            .code());
        }
    }

    @Test
    void w54AnIntakeStreamFromBeforeSitesTakesTheirSubjectsToo() throws InterruptedException {
        acme.store(List.of(message("mr.UA.choria.machine.transition")));
        assertThrows(PortException.class, () -> acme.store(List.of(message("ms.plant.UB.choria.machine.transition"))));
        acme.ensureStream(withSites());
        acme.store(List.of(message("ms.plant.UB.choria.machine.transition")));
        try (Intake intake = acme.intake("MR_INTAKE", "ingest")) {
            assertEquals(2, intake.read(10, Duration.ofSeconds(5)).size());
        }
    }

    @Test
    void w21AndW33ALeaderSpeaksAsItselfAndForItsSite() throws InterruptedException {
        acme.ensureStream(withSites());
        Link leader = saas.connect(leader(Instant.now().plusSeconds(600)));
        String boss = saas.nkey(saas.nodeKey("boss"));
        String other = saas.nkey(saas.nodeKey("n2"));
        maySendOnly(
                leader,
                List.of(
                        "ms.plant." + other + ".choria.machine.transition",
                        "mr." + boss + ".choria.machine.transition"),
                List.of(
                        "ms.hall." + other + ".choria.machine.transition",
                        "ms.plants." + other + ".x",
                        "ms.plant",
                        "mr." + other + ".choria.machine.transition",
                        "machine_room.receipt." + other));
        mayHearOnly(
                leader,
                List.of("machine_room.site_receipt.plant.>", "machine_room.receipt." + boss, "$KV.CONFIG.>"),
                List.of(
                        "machine_room.site_receipt.hall.>",
                        "machine_room.receipt." + other,
                        "ms.>",
                        "mr.>",
                        "_INBOX.>",
                        ">"));
        for (String call : List.of(
                "$JS.API.STREAM.PURGE.MR_INTAKE", "$JS.API.STREAM.INFO.MR_INTAKE", "$JS.API.STREAM.DELETE.KV_CONFIG")) {
            assertEquals(
                    "link.denied",
                    assertThrows(
                                    PortException.Unavailable.class,
                                    () -> leader.request(call, new byte[0], Duration.ofSeconds(5)),
                                    call)
                            .code());
        }
        assertTrue(leader.request("$JS.API.STREAM.INFO.KV_CONFIG", new byte[0], Duration.ofSeconds(5)).length > 0);
    }

    @Test
    void w33AFollowerSpeaksAsItselfOnly() throws InterruptedException {
        Link follower = saas.connect(follower(TestSaas.GLOBEX));
        String own = saas.nkey(saas.nodeKey("n1"));
        String other = saas.nkey(saas.nodeKey("n2"));
        maySendOnly(
                follower,
                List.of("mr." + own + ".choria.machine.transition"),
                List.of("mr." + other + ".x", "ms.plant." + own + ".x", "machine_room.site.uplink"));
        mayHearOnly(
                follower,
                List.of("machine_room.site.uplink", "machine_room.receipt." + own),
                List.of("machine_room.receipt." + other, "machine_room.>", "mr.>", ">"));
    }

    @Test
    void w37AFollowerHasNoSayInWhichPlaceCarries() throws InterruptedException {
        Link follower = saas.connect(follower(TestSaas.GLOBEX));
        maySendOnly(
                follower,
                List.of("mr." + saas.nkey(saas.nodeKey("n1")) + ".choria.machine.transition"),
                List.of(
                        "$KV.MACHINE_ROOM_SITE.carrier",
                        "$JS.API.STREAM.MSG.DELETE.KV_MACHINE_ROOM_SITE",
                        "$JS.API.STREAM.DELETE.KV_MACHINE_ROOM_SITE",
                        "$JS.API.STREAM.PURGE.KV_MACHINE_ROOM_SITE"));
        mayHearOnly(follower, List.of("$KV.CONFIG.>"), List.of("$KV.MACHINE_ROOM_SITE.>"));
    }

    @Test
    void aUserOfASiteIsNobodyAtABrokerThatDoesNotKnowItsAccount() {
        saas.keys.ensure(UNKNOWN);
        assertEquals(
                "link.unauthorized",
                assertThrows(PortException.Unavailable.class, () -> saas.connect(follower(UNKNOWN)))
                        .code());
        String boss = saas.nkey(saas.nodeKey("boss"));
        UserGrant all = new UserGrant(boss, "boss", List.of(">"), List.of(">"), null);
        assertEquals(
                "link.unauthorized",
                assertThrows(PortException.Unavailable.class, () -> saas.connect(as(UNKNOWN, all, "boss")))
                        .code());
    }

    @Test
    void aLeadersWordEnds() {
        assertEquals(
                "link.unauthorized",
                assertThrows(
                                PortException.Unavailable.class,
                                () -> saas.connect(leader(Instant.now().minusSeconds(60))))
                        .code());
    }
}
