package io.machineroom.app.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A registered site: the answers of leader and follower work at real brokers, and nobody can do more than his part. */
final class SiteIT extends BackplaneStage {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private String[] site(String... more) {
        List<String> args = new java.util.ArrayList<>(List.of("site"));
        args.addAll(List.of(more));
        args.addAll(List.of("--state", backplane.state.toString()));
        return args.toArray(String[]::new);
    }

    private void add(String customer, String name, String leader, int port) {
        backplane.command(site(
                "add",
                customer,
                name,
                "--leader",
                leader,
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--gateway-port",
                Integer.toString(port == 65_535 ? 1_024 : port + 1),
                "--offline",
                backplane.offline.toString()));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String setting(TestNode node, String key) {
        return node.answer().obj("configuration").flatMap(c -> c.text(key)).orElse("absent");
    }

    /** The broker of a site, made of the leader's answer and of nothing else. */
    private Broker.Running broker(TestNode leader) throws IOException, InterruptedException {
        Path tls = directory.resolve("leader-tls");
        String request = leader.graph().certificates().request(tls, leader.identity);
        Value.Obj answer = leader.inSession("/v1/site/certificate", Value.obj("request", Value.text(request)));
        leader.graph().certificates().install(tls, answer.text("chain").orElseThrow());
        assertTrue(answer.whole("expires").orElseThrow()
                > Instant.now().plus(Duration.ofDays(89)).getEpochSecond());
        Value.Obj told = leader.answer().obj("site_broker").orElseThrow();
        List<Broker.Account> accounts = told.list("accounts").stream()
                .map(Value.Obj.class::cast)
                .map(a -> new Broker.Account(
                        a.text("nkey").orElseThrow(), a.text("jwt").orElseThrow()))
                .toList();
        Broker.Spec spec = new Broker.Spec(
                "127.0.0.1",
                Math.toIntExact(told.whole("port").orElseThrow()),
                directory.resolve("leader-nats"),
                tls.resolve("server.pem"),
                tls.resolve("server.key"),
                told.text("operator_jwt").orElseThrow(),
                accounts,
                told.text("system_account").orElseThrow());
        return leader.graph().doors().broker().start(spec, PATIENCE);
    }

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
        Broker.Running broker = broker(boss);
        try (Link own = atSite(boss, follower)) {
            own.ensureStream(intake());
            try (Link link = follower.nats()) {
                append(link, follower.deliveries(1, 1));
                maySend(false, link, "mr." + other.nkey() + ".choria.machine.transition");
                maySend(false, link, "ms.plant." + follower.nkey() + ".choria.machine.transition");
                mayHear(true, link, "machine_room.site.uplink");
                for (String subject : List.of("machine_room.receipt." + other.nkey(), "machine_room.>", "mr.>")) {
                    mayHear(false, link, subject);
                }
            }
            // and who leads at the SaaS is nobody at the site without the user made for it
            refused(() -> boss.nats(
                    boss.answer().text("nats_jwt").orElseThrow(),
                    follower.answer().texts("nats_urls"),
                    follower.answer().texts("ca_pins")));
        } finally {
            broker.stop(PATIENCE);
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

    @Test
    void changesSitesWhileItRunsAndWhileItIsStopped() throws Exception {
        add("acme", "plant", "boss", 9222);
        TestNode boss = enrolled("acme", "plant", "boss");
        TestNode heir = enrolled("acme", "plant", "heir");
        assertEquals(77, backplane.exitOf(site("leader", "acme", "hall", "x")));
        backplane.command(site("leader", "acme", "plant", "heir"));
        boss.renew();
        heir.renew();
        assertEquals("follower", setting(boss, "machine_room.role"));
        assertEquals("leader", setting(heir, "machine_room.role"));
        assertEquals(
                Optional.of("site.not-leader"),
                boss.inSession("/v1/site/certificate", Value.obj("request", Value.text("x")))
                        .text("code"));
        backplane.stop();
        add("bolt", "hall", "b1", 9222);
        backplane.command(site("leader", "acme", "plant", "boss"));
        assertEquals(77, backplane.exitOf(site("remove", "acme", "hall")));
        List<Value.Obj> listed = backplane.documents(site("list", "--json"));
        assertEquals(
                List.of("acme/plant boss 127.0.0.1:9222 9223", "bolt/hall b1 127.0.0.1:9222 9223"),
                listed.stream().map(SiteIT::row).toList());
        assertNotEquals(listed.get(0).text("ca_pin"), listed.get(1).text("ca_pin"));
        backplane.start();
        boss.renew();
        assertEquals("leader", setting(boss, "machine_room.role"));
        backplane.command(site("remove", "acme", "plant"));
        assertEquals(1, backplane.command(site("list")).lines().count());
        boss.renew();
        assertTrue(boss.answer().obj("site_broker").isEmpty());
        assertEquals(backplane.brokers(), boss.answer().texts("nats_urls"));
    }

    private static String row(Value.Obj site) {
        return site.text("customer").orElse("") + "/" + site.text("site").orElse("") + " "
                + site.text("leader").orElse("") + " "
                + site.text("host").orElse("") + ":" + site.whole("port").orElse(0L) + " "
                + site.whole("gateway_port").orElse(0L);
    }

    @Test
    void issuesTokensForTheLeadersGatewayUnlessToldWhere() throws Exception {
        add("acme", "plant", "boss", 9222);
        String pin = backplane
                .documents(site("list", "--json"))
                .getFirst()
                .text("ca_pin")
                .orElseThrow();
        Value.Obj token = token("plant");
        assertTrue(token.text("chu").orElseThrow().contains("https://127.0.0.1:9223"), token::toString);
        assertTrue(token.text("chu").orElseThrow().contains(backplane.gateway().toString()), token::toString);
        assertEquals(2, token.texts("ca_pins").size());
        assertTrue(token.texts("ca_pins").contains(pin));
        for (Value.Obj plain : List.of(token("hall"), token("plant", "--url", "https://x.example:1"))) {
            assertEquals(1, plain.texts("ca_pins").size());
            assertTrue(!plain.text("chu").orElseThrow().contains("9223"), plain::toString);
        }
    }

    private Value.Obj token(String site, String... more) {
        List<String> args = new java.util.ArrayList<>(
                List.of("token", "--state", backplane.state.toString(), "--offline", backplane.offline.toString()));
        args.addAll(List.of("--customer", "acme", "--site", site, "--print"));
        args.addAll(List.of(more));
        String claims = backplane.command(args.toArray(String[]::new)).split("\\.", -1)[1];
        String text = new String(Base64.getUrlDecoder().decode(claims), StandardCharsets.UTF_8);
        return (Value.Obj) backplane.json.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
