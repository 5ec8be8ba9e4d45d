package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.deployment.SignedSpecification;
import io.machineroom.domain.tokens.TokenVerifier;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.Event;
import io.machineroom.ports.gateway.Gateway;
import io.machineroom.ports.security.VerifyKey;
import io.machineroom.ports.sim.SimSignatures;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GatewayRoutesTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private final OfficeWorld world = new OfficeWorld(11);

    private static String code(Value.Obj answer) {
        return answer.text("code").orElse("none " + answer);
    }

    @Test
    void enrolsANodeWithATokenAndItsProofs() {
        OfficeWorld.Node node = world.new Node("n1.example.net");
        Value.Obj reply = node.enrol(world.token("acme", YEAR));
        String text = reply.text("answer").orElseThrow();
        byte[] signed = ("mr-enrol-answer-1." + text).getBytes(StandardCharsets.UTF_8);
        VerifyKey.Ed25519 issuer = world.keys.publicKey(Charter.CHAIN_ISSUER).orElseThrow();
        byte[] signature = HexFormat.of().parseHex(reply.text("signature").orElseThrow());
        assertTrue(new SimSignatures().verify(issuer, signed, signature));
        Value.Obj answer = (Value.Obj) world.json.read(Base64.getDecoder().decode(text));
        assertEquals(Optional.of("acme"), answer.text("customer"));
        assertEquals(Optional.of("plant"), answer.text("site"));
        assertEquals(Optional.of(node.nodeNonce), answer.text("node_nonce"));
        assertEquals(List.of("https://localhost:8443"), answer.texts("https_urls"));
        assertEquals(Optional.of(1L), answer.whole("list_serial"));
        var server = new TokenVerifier(world.json, new SimSignatures())
                .server(answer.text("server_jwt").orElseThrow(), world.charter.organisation(), world.now());
        assertEquals("", server.rejection());
        assertEquals("n1.example.net", server.verified().orElseThrow().identity());
    }

    @Test
    void givesALostAnswerAgain() {
        OfficeWorld.Node node = world.new Node("n1");
        String token = world.token("acme", YEAR);
        Value.Obj first = node.enrol(token);
        assertEquals(first, node.enrol(token));
        node.nodeNonce = "0".repeat(64);
        assertNotEquals(first, node.enrol(token));
    }

    @Test
    void refusesAnIdentityToAnotherKeyUntilItIsReleased() {
        String token = world.token("acme", YEAR);
        world.new Node("n1").enrol(token);
        OfficeWorld.Node second = world.new Node("n1");
        assertEquals("enrol.identity-taken", code(second.enrol(token)));
        world.tasks.run(
                () -> world.office.desk().ask(() -> world.office.register().remove("acme", "n1")));
        assertTrue(second.enrol(token).text("answer").isPresent());
    }

    /** Nodes of one name at two sites collide in the original; here the second one is not let in. */
    @Test
    void w63ANameIsTakenAtAllSitesOfACustomer() {
        world.new Node("n1").enrol(world.token("acme", "plant", YEAR));
        OfficeWorld.Node second = world.new Node("n1");
        assertEquals("enrol.identity-taken", code(second.enrol(world.token("acme", "hall", YEAR))));
        assertTrue(world.new Node("n2")
                .enrol(world.token("acme", "hall", YEAR))
                .text("answer")
                .isPresent());
    }

    @Test
    void keepsEqualIdentitiesOfTwoCustomersApart() {
        OfficeWorld.Node one = world.new Node("n1");
        OfficeWorld.Node two = world.new Node("n1");
        one.enrol(world.token("acme", YEAR));
        assertTrue(two.enrol(world.token("bolt", YEAR)).text("answer").isPresent());
    }

    @Test
    void refusesTokensThatAreExpiredForeignOrChanged() {
        OfficeWorld.Node node = world.new Node("n1");
        String expired = world.token("acme", Duration.ofSeconds(5));
        world.tasks.advance(Duration.ofSeconds(10));
        assertEquals("enrol.token", code(node.enrol(expired)));
        assertEquals("enrol.token", code(node.enrol(new OfficeWorld(12).token("acme", YEAR))));
        String good = world.token("acme", YEAR);
        assertEquals("enrol.token", code(node.enrol(good.substring(0, good.length() - 4) + "AAAA")));
        assertEquals("enrol.token", code(node.enrol("garbage")));
    }

    @Test
    void refusesWrongProofsAndUsedNonces() {
        OfficeWorld.Node node = world.new Node("n1");
        String token = world.token("acme", YEAR);
        String nonce = node.challenge();
        Value.Obj good = node.application(token, nonce);
        Value.Obj bad = good.with("nkey_signature", good.get("signature").orElseThrow());
        assertEquals("enrol.proof", code(world.post("/v1/enrol", bad)));
        assertEquals("enrol.proof", code(world.post("/v1/enrol", good)));
        Value.Obj late = node.application(token, node.challenge());
        world.tasks.advance(Duration.ofSeconds(61));
        assertEquals("enrol.proof", code(world.post("/v1/enrol", late)));
    }

    @Test
    void asksThePolicy() {
        world.policy(c -> new EnrolmentPolicy.Decision.Defer(30, "not yet"));
        OfficeWorld.Node node = world.new Node("n1");
        assertEquals(Optional.of(202L), node.enrol(world.token("acme", YEAR)).whole("http"));
        world.policy(c -> new EnrolmentPolicy.Decision.Refuse("unknown machine"));
        assertEquals("enrol.refused", code(node.enrol(world.token("acme", YEAR))));
    }

    @Test
    void opensSessionsForEnrolledKeysOnly() {
        OfficeWorld.Node node = world.new Node("n1");
        assertEquals("refused session.refused", node.session());
        node.enrol(world.token("acme", YEAR));
        assertEquals(64, node.session().length());
    }

    @Test
    void endsTheSessionOfAReleasedNode() {
        OfficeWorld.Node node = enrolled("acme", "n1");
        String session = node.session();
        assertEquals(404, get("/v1/desired/CONFIG/machines", session).status());
        world.tasks.run(() -> world.office.desk().ask(() -> {
            world.office.sessions().drop("acme", "n1");
            return true;
        }));
        assertEquals(401, get("/v1/desired/CONFIG/machines", session).status());
    }

    @Test
    void endsSessionsAfterAQuarterOfAnHour() {
        String session = enrolled("acme", "n1").session();
        world.tasks.advance(Duration.ofSeconds(901));
        assertEquals(401, get("/v1/desired/CONFIG/machines", session).status());
    }

    private OfficeWorld.Node enrolled(String customer, String identity) {
        OfficeWorld.Node node = world.new Node(identity);
        node.enrol(world.token(customer, YEAR));
        return node;
    }

    private Gateway.Response get(String path, String session) {
        return world.ask("GET", path, Map.of("authorization", "Bearer " + session), new byte[0]);
    }

    private byte[] list(String customer, long serial) {
        SignedSpecification.Meta meta = new SignedSpecification.Meta(
                serial, world.now().getEpochSecond(), world.now().plus(YEAR).getEpochSecond(), customer, "", "");
        SignedSpecification signed = SignedSpecification.sign(
                "[]".getBytes(StandardCharsets.UTF_8),
                meta,
                world.json,
                new SimSignatures(),
                bytes -> world.offline.sign(Charter.MACHINES, bytes));
        return world.json.write(signed.toValue());
    }

    private void deploy(String customer, byte[] document, boolean unchecked) {
        world.tasks.run(
                () -> world.office.desk().ask(() -> world.office.desired().deploy(customer, document, unchecked)));
    }

    @Test
    void handsOutDesiredStateToItsCustomerOnlyAndByItsTag() {
        byte[] list = list("acme", 3);
        deploy("acme", list, false);
        String mine = enrolled("acme", "n1").session();
        String other = enrolled("bolt", "n1").session();
        Gateway.Response found = get("/v1/desired/CONFIG/machines", mine);
        assertEquals(200, found.status());
        assertEquals("\"1\"", found.headers().get("ETag"));
        assertTrue(java.util.Arrays.equals(list, found.body()));
        assertEquals(404, get("/v1/desired/CONFIG/machines", other).status());
        Map<String, String> again = Map.of("authorization", "Bearer " + mine, "if-none-match", "\"1\"");
        assertEquals(
                304,
                world.ask("GET", "/v1/desired/CONFIG/machines", again, new byte[0])
                        .status());
    }

    @Test
    void refusesListsThatDoNotVerifyUnlessToldSo() {
        deploy("acme", list("acme", 3), false);
        byte[] tampered = new String(list("acme", 4), StandardCharsets.UTF_8)
                .replace("\"signature\":\"", "\"signature\":\"00")
                .getBytes(StandardCharsets.UTF_8);
        org.junit.jupiter.api.Assertions.assertThrows(
                io.machineroom.ports.PortException.Refused.class, () -> deploy("acme", tampered, false));
        deploy("acme", tampered, true);
        assertEquals(3, world.office.desired().lowestSerial("acme"));
        assertFalse(world.office.desired().of("acme").orElseThrow().checked());
        DesiredState again = new DesiredState(
                world.files, world.json, new SimSignatures(), world.tasks.time(), world.charter.machineSigner());
        again.load(List.of("acme"));
        assertEquals(2, again.of("acme").orElseThrow().revision());
    }

    @Test
    void takesABatchAndSignsForIt() {
        OfficeWorld.Node node = enrolled("acme", "n1");
        String session = node.session();
        Value.Obj answer = world.document(batch(session, 1, "a", "b"));
        assertEquals(Optional.of(2L), answer.whole("accepted"));
        Value.Obj receipt = (Value.Obj) answer.list("receipts").getFirst();
        String text = receipt.text("text").orElseThrow();
        assertTrue(text.contains(node.nkey() + " ") && text.contains(" normal 2 "), text);
        Value.Obj gap = world.document(batch(session, 5, "e"));
        assertEquals("ingest.gap", code(gap));
        assertEquals(Optional.of(3L), gap.whole("expected"));
    }

    @Test
    void refusesBatchesThatDoNotFit() {
        String session = enrolled("acme", "n1").session();
        Map<String, String> headers = Map.of("authorization", "Bearer " + session, "content-type", "text/plain");
        assertEquals("request.type", code(world.document(world.ask("POST", "/v1/events", headers, new byte[0]))));
        Map<String, String> json =
                Map.of("authorization", "Bearer " + session, "content-type", world.format.batchContentType());
        assertEquals(
                400,
                world.ask("POST", "/v1/events", json, "[]".getBytes(StandardCharsets.UTF_8))
                        .status());
        assertEquals(
                400,
                world.ask("POST", "/v1/events", json, "{".getBytes(StandardCharsets.UTF_8))
                        .status());
        assertEquals(404, world.ask("GET", "/v1/else", Map.of(), new byte[0]).status());
    }

    private Gateway.Response batch(String session, long from, String... ids) {
        List<Value> entries = new ArrayList<>();
        List<ByteBuffer> parts = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            entries.add(Value.obj("n", Value.num(from + i), "id", Value.text(ids[i]))
                    .with("s", Value.text("choria.machine.transition"))
                    .with("t", Value.text(world.now().toString())));
            Event event = new Event(ids[i], "io.choria.machine", "t", "n1", world.now(), Value.obj());
            parts.add(ByteBuffer.wrap(world.format.encode(event)));
        }
        Value.Obj data = Value.obj("entries", new Value.Arr(entries));
        Event manifest = new Event("m", "io.machineroom.agent", "io.machineroom.batch.v1", "n1", world.now(), data);
        parts.addFirst(ByteBuffer.wrap(world.format.encode(manifest)));
        Map<String, String> headers = Map.of(
                "authorization",
                "Bearer " + session,
                "content-type",
                world.format.batchContentType(),
                "mr-epoch",
                IngestWorld.epoch(1).wire(),
                "mr-lane",
                "normal");
        return world.ask("POST", "/v1/events", headers, world.format.join(parts));
    }
}
