package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.broker.Broker;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A registered site: the answers of leader and follower work at real brokers, and nobody can do more than his part. */
final class SiteIT extends SiteStage {
    private static Link atSite(TestNode leader, TestNode follower) throws InterruptedException {
        Value.Obj told = leader.answer().obj("site_broker").orElseThrow();
        return leader.nats(
                told.text("user_jwt").orElseThrow(),
                follower.answer().texts("nats_urls"),
                follower.answer().texts("ca_pins"));
    }

    private static StreamSpec intake() {
        return new StreamSpec(
                "MR_INTAKE",
                List.of(Subject.of("mr.>")),
                StreamSpec.Retention.WORK_QUEUE,
                64L << 20,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW);
    }

    private static Message message(String subject) {
        return new Message(Subject.of(subject), "id-" + subject, Map.of(), ByteBuffer.allocate(3), Instant.EPOCH);
    }

    private static void maySend(boolean may, Link link, String subject) throws InterruptedException {
        if (may) {
            link.store(List.of(message(subject)));
        } else {
            PortException.Unavailable refused =
                    assertThrows(PortException.Unavailable.class, () -> link.store(List.of(message(subject))), subject);
            assertEquals("sink.unauthorized", refused.code(), subject);
        }
    }

    private static void mayHear(boolean may, Link link, String subject) {
        Mailbox<Message> box = new io.machineroom.ports.contract.LiveRuntime().mailbox(10);
        if (may) {
            link.subscribe(Subject.of(subject), box).close();
        } else {
            PortException.Unavailable refused = assertThrows(
                    PortException.Unavailable.class, () -> link.subscribe(Subject.of(subject), box), subject);
            assertEquals("link.denied", refused.code(), subject);
        }
    }

    @Test
    void carriesAnEventFromAFollowerOverItsLeaderToTheSaasAndTheReceiptToTheLeader() throws Exception {
        add("acme", "plant", "boss", freePort());
        TestNode boss = enrolled("acme", "plant", "boss");
        TestNode follower = enrolled("acme", "plant", "n1");
        assertEquals("leader", setting(boss, "machine_room.role"));
        assertEquals("follower", setting(follower, "machine_room.role"));
        Broker.Running broker = broker(boss);
        try (Link own = atSite(boss, follower)) {
            own.ensureStream(intake());
            try (Link link = follower.nats();
                    Link above = boss.nats();
                    Intake work = own.intake("MR_INTAKE", "up")) {
                Mailbox<Message> receipts = boss.graph().tasks().mailbox(100);
                above.subscribe(Subject.of("machine_room.site_receipt.plant.>"), receipts);
                append(link, follower.deliveries(1, 20));
                passOn(work, above, 20);
                Message receipt = receipts.poll(LONG).orElseThrow(() -> new AssertionError("no receipt came"));
                assertEquals(
                        "machine_room.site_receipt.plant." + follower.nkey(),
                        receipt.subject().text());
            }
        } finally {
            broker.stop(PATIENCE);
        }
        assertEquals(
                ids(20),
                events(follower, "acme").stream()
                        .map(e -> e.text("id").orElse(""))
                        .toList());
        assertEquals("plant", events(follower, "acme").getFirst().text("site").orElse(""));
        showsRoles();
    }

    /** What a leader's pump does, as simple as it can be. */
    private static void passOn(Intake work, Link above, int wanted) throws InterruptedException {
        for (int passed = 0; passed < wanted; ) {
            List<Intake.Arrival> read = work.read(100, LONG);
            above.store(read.stream()
                    .map(a -> a.message())
                    .map(m -> new Message(
                            m.subject().without("mr").under("ms.plant"),
                            m.headers().getOrDefault("Mr-Id", ""),
                            m.headers(),
                            m.body(),
                            m.created()))
                    .toList());
            work.settle(read);
            passed += read.size();
        }
    }

    private void showsRoles() {
        List<Value.Obj> nodes = backplane.documents("nodes", "--json", "--state", backplane.state.toString());
        assertEquals(
                List.of("boss plant leader", "n1 plant follower"),
                nodes.stream()
                        .map(n -> n.text("identity").orElse("") + " "
                                + n.text("site").orElse("") + " "
                                + n.text("role").orElse(""))
                        .toList());
        assertTrue(nodes.stream().allMatch(n -> n.whole("silent_seconds").orElse(-1L) < 120));
        assertEquals(
                "", backplane.command("nodes", "--stale", "--state", backplane.state.toString()), "nobody is stale");
        String text = backplane.command("nodes", "--state", backplane.state.toString());
        assertTrue(text.contains("follower") && text.contains("silent for"), text);
    }

    @Test
    void w21AndW33NobodyMayDoMoreThanHisPart() throws Exception {
        add("acme", "plant", "boss", freePort());
        add("acme", "hall", "hboss", freePort());
        TestNode boss = enrolled("acme", "plant", "boss");
        TestNode follower = enrolled("acme", "plant", "n1");
        TestNode other = enrolled("acme", "plant", "n2");
        List<String> saas = boss.answer().texts("nats_urls");
        List<String> pins = boss.answer().texts("ca_pins");
        String siteUser = boss.answer()
                .obj("site_broker")
                .flatMap(b -> b.text("user_jwt"))
                .orElseThrow();
        // users of the site are nobody at the SaaS, its leader's own among them
        refused(() -> follower.nats(follower.answer().text("nats_jwt").orElseThrow(), saas, pins));
        refused(() -> boss.nats(siteUser, saas, pins));
        atTheSaas(boss, follower);
        Broker.Running broker = broker(boss);
        try (Link own = atSite(boss, follower)) {
            own.ensureStream(intake());
            atTheSite(follower, other);
            // and who leads at the SaaS is nobody at the site without the user made for it
            refused(() -> boss.nats(
                    boss.answer().text("nats_jwt").orElseThrow(),
                    follower.answer().texts("nats_urls"),
                    follower.answer().texts("ca_pins")));
        } finally {
            broker.stop(PATIENCE);
        }
    }

    private static void atTheSaas(TestNode boss, TestNode follower) throws InterruptedException {
        try (Link above = boss.nats()) {
            append(above, boss.deliveries(1, 1));
            maySend(true, above, "ms.plant." + follower.nkey() + ".choria.machine.transition");
            for (String subject : List.of(
                    "ms.hall." + follower.nkey() + ".choria.machine.transition",
                    "ms.plants.a.b",
                    "mr." + follower.nkey() + ".choria.machine.transition")) {
                maySend(false, above, subject);
            }
            mayHear(true, above, "machine_room.site_receipt.plant.>");
            for (String subject :
                    List.of("machine_room.site_receipt.hall.>", "machine_room.site_receipt.>", "ms.>", ">")) {
                mayHear(false, above, subject);
            }
        }
    }

    private static void atTheSite(TestNode follower, TestNode other) throws InterruptedException {
        try (Link link = follower.nats()) {
            append(link, follower.deliveries(1, 1));
            maySend(false, link, "mr." + other.nkey() + ".choria.machine.transition");
            maySend(false, link, "ms.plant." + follower.nkey() + ".choria.machine.transition");
            mayHear(true, link, "machine_room.site.uplink");
            for (String subject : List.of("machine_room.receipt." + other.nkey(), "machine_room.>", "mr.>")) {
                mayHear(false, link, subject);
            }
        }
    }

    /** Opens a link that is not to open. */
    private interface Attempt {
        Link open() throws InterruptedException;
    }

    private static void refused(Attempt attempt) {
        PortException.Unavailable told = assertThrows(
                PortException.Unavailable.class, () -> attempt.open().close());
        assertEquals("link.unauthorized", told.code());
    }
}
