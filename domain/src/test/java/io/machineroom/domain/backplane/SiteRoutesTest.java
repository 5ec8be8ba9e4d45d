package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What nodes of a registered site are told when they enrol and renew, and what only its leader is given. */
final class SiteRoutesTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final OfficeWorld world = new OfficeWorld(51);

    private Value.Obj content(Value.Obj reply) {
        return (Value.Obj)
                world.json.read(Base64.getDecoder().decode(reply.text("answer").orElseThrow()));
    }

    private Value.Obj enrol(String customer, OfficeWorld.Node node) {
        return content(node.enrol(world.token(customer, DAY)));
    }

    private Value.Obj renew(OfficeWorld.Node node) {
        byte[] body = world.json.write(
                Value.obj("node_nonce", Value.text(world.tasks.entropy().hex(32))));
        return content(world.document(
                world.ask("POST", "/v1/renew", Map.of("authorization", "Bearer " + node.session()), body)));
    }

    private Value.Obj certificate(OfficeWorld.Node node, Value.Obj body) {
        return world.document(world.ask(
                "POST",
                "/v1/site/certificate",
                Map.of("authorization", "Bearer " + node.session()),
                world.json.write(body)));
    }

    private static String setting(Value.Obj answer, String key) {
        return answer.obj("configuration").flatMap(c -> c.text(key)).orElse("absent");
    }

    /** Claims of a JWT, or what the simulation writes instead of one. */
    private long life(Value.Obj answer) {
        String claims = answer.text("server_jwt").orElseThrow().split("\\.", -1)[1];
        Value.Obj read = (Value.Obj) world.json.read(Base64.getUrlDecoder().decode(claims));
        return (read.whole("exp").orElseThrow() - read.whole("iat").orElseThrow()) / 86_400;
    }

    private void withNats() {
        world.ways = new Ways(
                List.of(URI.create("https://saas.example:8443")), List.of(URI.create("tls://saas.example:4222")));
    }

    @Test
    void answersNodesWithoutARegisteredSiteAsEver() {
        withNats();
        world.site("acme", "hall", "boss");
        world.site("bolt", "plant", "n1");
        Value.Obj answer = enrol("acme", world.new Node("n1"));
        assertEquals("follower", setting(answer, "machine_room.role"));
        assertEquals("plant", setting(answer, "machine_room.site"));
        assertEquals("absent", setting(answer, "machine_room.source.host"));
        assertEquals(List.of("tls://saas.example:4222"), answer.texts("nats_urls"));
        assertEquals(List.of("https://saas.example:8443"), answer.texts("https_urls"));
        assertEquals(List.of(world.charter.caPin()), answer.texts("ca_pins"));
        assertEquals(365, life(answer));
        assertTrue(answer.obj("site_broker").isEmpty());
    }

    @Test
    void sendsAFollowerToItsLeaderAndNowhereElse() {
        withNats();
        Site site = world.site("acme", "plant", "boss");
        Value.Obj answer = enrol("acme", world.new Node("n1"));
        assertEquals("follower", setting(answer, "machine_room.role"));
        assertEquals("plant", setting(answer, "machine_room.site"));
        assertEquals("plant.example:9222", setting(answer, "machine_room.source.host"));
        assertEquals("n1", setting(answer, "identity"));
        assertEquals(List.of("tls://plant.example:9222"), answer.texts("nats_urls"));
        assertEquals(List.of("https://plant.example:9223"), answer.texts("https_urls"));
        assertEquals(List.of(site.caPin(), world.charter.caPin()), answer.texts("ca_pins"));
        assertTrue(answer.obj("site_broker").isEmpty());
        String user = answer.text("nats_jwt").orElseThrow();
        assertTrue(user.contains("machine_room.site.uplink") && !user.contains("ms."), user);
    }

    @Test
    void sendsAFollowerToItsLeaderAlsoWhenTheSaasHasNoBroker() {
        world.site("acme", "plant", "boss");
        Value.Obj answer = enrol("acme", world.new Node("n1"));
        assertEquals(List.of("tls://plant.example:9222"), answer.texts("nats_urls"));
        assertFalse(answer.text("nats_jwt").orElseThrow().isEmpty());
    }

    @Test
    void givesALeaderWhatItsBrokerNeedsAndNoSeed() {
        withNats();
        Site site = world.site("acme", "plant", "boss");
        OfficeWorld.Node boss = world.new Node("boss");
        Value.Obj answer = enrol("acme", boss);
        assertEquals("leader", setting(answer, "machine_room.role"));
        assertEquals("plant", setting(answer, "machine_room.site"));
        assertEquals("tls://saas.example:4222", setting(answer, "machine_room.source.host"));
        assertEquals(List.of("tls://saas.example:4222"), answer.texts("nats_urls"));
        assertEquals(List.of("https://saas.example:8443"), answer.texts("https_urls"));
        assertEquals(List.of(world.charter.caPin()), answer.texts("ca_pins"));
        String user = answer.text("nats_jwt").orElseThrow();
        assertTrue(user.contains("ms.plant.>") && user.contains("machine_room.site_receipt.plant.>"), user);
        Value.Obj broker = answer.obj("site_broker").orElseThrow();
        assertEquals(Optional.of("plant.example"), broker.text("host"));
        assertEquals(Optional.of(9222L), broker.whole("port"));
        assertEquals(Optional.of(9223L), broker.whole("gateway_port"));
        assertEquals(Optional.of(world.charter.operatorJwt()), broker.text("operator_jwt"));
        assertEquals(Optional.of(world.charter.systemAccount()), broker.text("system_account"));
        List<String> accounts = broker.list("accounts").stream()
                .map(a -> ((Value.Obj) a).text("nkey").orElseThrow())
                .toList();
        assertEquals(List.of(world.charter.systemAccount(), site.account().nkey()), accounts);
        String own = broker.text("user_jwt").orElseThrow();
        assertTrue(own.contains(boss.nkey()) && own.contains("publish=[>]"), own);
        assertFalse(
                new String(world.json.write(answer), StandardCharsets.UTF_8).matches("(?s).*\"S[UAO][A-Z2-7]{50,}.*"));
    }

    @Test
    void namesItsGatewayAsTheSourceOfALeaderWithoutABrokerAbove() {
        world.site("acme", "plant", "boss");
        Value.Obj answer = enrol("acme", world.new Node("boss"));
        assertEquals("https://localhost:8443", setting(answer, "machine_room.source.host"));
        assertEquals(Optional.of(""), answer.text("nats_jwt"));
        assertTrue(answer.obj("site_broker").isPresent());
    }

    @Test
    void endsALeadersWordWithItsToken() {
        withNats();
        world.site("acme", "plant", "boss");
        Value.Obj answer = enrol("acme", world.new Node("boss"));
        assertEquals(90, life(answer));
        Instant end = world.now().plus(Duration.ofDays(90));
        String user = answer.text("nats_jwt").orElseThrow();
        assertTrue(user.contains("expires=" + end.toString().substring(0, 10)), user);
        assertEquals(365, life(enrol("acme", world.new Node("n1"))));
    }

    @Test
    void tellsEveryNodeItsNewRoleAtItsNextRenewal() {
        withNats();
        OfficeWorld.Node boss = world.new Node("boss");
        OfficeWorld.Node heir = world.new Node("heir");
        assertEquals("follower", setting(enrol("acme", boss), "machine_room.role"));
        enrol("acme", heir);
        world.site("acme", "plant", "boss");
        assertEquals("leader", setting(renew(boss), "machine_room.role"));
        assertEquals(List.of("tls://plant.example:9222"), renew(heir).texts("nats_urls"));
        world.office.sites().lead("acme", "plant", "heir");
        Value.Obj old = renew(boss);
        assertEquals("follower", setting(old, "machine_room.role"));
        assertTrue(old.obj("site_broker").isEmpty());
        assertEquals(List.of("tls://plant.example:9222"), old.texts("nats_urls"));
        Value.Obj fresh = renew(heir);
        assertEquals("leader", setting(fresh, "machine_room.role"));
        assertEquals(List.of("tls://saas.example:4222"), fresh.texts("nats_urls"));
        assertTrue(fresh.obj("site_broker").isPresent());
        world.office.sites().remove("acme", "plant");
        assertEquals(List.of("tls://saas.example:4222"), renew(boss).texts("nats_urls"));
        assertTrue(renew(heir).obj("site_broker").isEmpty());
    }

    @Test
    void letsThePolicyKnowTheRoleAndKeepsItsOtherSettings() {
        world.site("acme", "plant", "boss");
        world.policy(candidate -> new EnrolmentPolicy.Decision.Accept(
                Map.of("vendor.seen", candidate.role(), "machine_room.role", "follower")));
        Value.Obj answer = enrol("acme", world.new Node("boss"));
        assertEquals("leader", setting(answer, "vendor.seen"));
        assertEquals("leader", setting(answer, "machine_room.role"), "the register says who leads");
        assertEquals("follower", setting(enrol("acme", world.new Node("n1")), "vendor.seen"));
    }

    @Test
    void certifiesTheLeaderForThePlaceOfTheRegister() {
        Site site = world.site("acme", "plant", "boss");
        OfficeWorld.Node boss = world.new Node("boss");
        enrol("acme", boss);
        Value.Obj answer = certificate(boss, Value.obj("request", Value.text("request evil.example")));
        assertEquals(Optional.of(200L), answer.whole("http"));
        String chain = answer.text("chain").orElseThrow();
        assertTrue(chain.startsWith("for plant.example,localhost,127.0.0.1 by " + site.caPin() + " until "), chain);
        assertEquals(Optional.of(world.now().plus(Duration.ofDays(90)).getEpochSecond()), answer.whole("expires"));
    }

    @Test
    void certifiesNobodyElse() {
        world.site("acme", "plant", "boss");
        world.site("bolt", "plant", "n1");
        OfficeWorld.Node boss = world.new Node("boss");
        OfficeWorld.Node follower = world.new Node("n1");
        enrol("acme", boss);
        enrol("acme", follower);
        Value.Obj request = Value.obj("request", Value.text("request x"));
        Value.Obj refused = certificate(follower, request);
        assertEquals(Optional.of(403L), refused.whole("http"));
        assertEquals(Optional.of("site.not-leader"), refused.text("code"));
        assertEquals(Optional.of("request.body"), certificate(boss, Value.obj()).text("code"));
        Value.Obj noise = certificate(boss, Value.obj("request", Value.text("noise")));
        assertEquals(Optional.of("site.request"), noise.text("code"));
        assertEquals(Optional.of(400L), noise.whole("http"));
        world.office.sites().lead("acme", "plant", "n1");
        assertEquals(Optional.of("site.not-leader"), certificate(boss, request).text("code"));
        assertEquals(Optional.of(200L), certificate(follower, request).whole("http"));
        Value.Obj stranger = world.document(world.ask("POST", "/v1/site/certificate", Map.of(), new byte[] {'{', '}'}));
        assertEquals(Optional.of("session.expired"), stranger.text("code"));
    }
}
