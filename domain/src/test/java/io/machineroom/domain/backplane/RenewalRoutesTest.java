package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How enrolled nodes keep their enrolment fresh. */
class RenewalRoutesTest {
    private static final Duration YEAR = Duration.ofDays(365);

    private final OfficeWorld world = new OfficeWorld(7);

    private static String code(Value.Obj answer) {
        return answer.text("code").orElse("");
    }

    private Value.Obj renew(String session, String nodeNonce) {
        return world.document(world.ask(
                "POST",
                "/v1/renew",
                Map.of("authorization", "Bearer " + session),
                world.json.write(Value.obj("node_nonce", Value.text(nodeNonce)))));
    }

    private Value.Obj content(Value.Obj reply) {
        return (Value.Obj)
                world.json.read(Base64.getDecoder().decode(reply.text("answer").orElseThrow()));
    }

    @Test
    void givesAnEnrolledNodeAFreshAnswerInItsSession() {
        OfficeWorld.Node node = world.new Node("n1");
        Value.Obj first = content(node.enrol(world.token("acme", Duration.ofDays(1))));
        world.tasks.advance(Duration.ofDays(2));
        String session = node.session();
        Value.Obj reply = renew(session, "1".repeat(64));
        Value.Obj second = content(reply);
        assertEquals(Optional.of("1".repeat(64)), second.text("node_nonce"));
        assertEquals(first.text("public_key"), second.text("public_key"));
        assertEquals(first.text("customer"), second.text("customer"));
        assertNotEquals(first.text("server_jwt"), second.text("server_jwt"));
        assertEquals(reply, renew(session, "1".repeat(64)), "a lost answer is given again");
        assertEquals("request.body", code(renew(session, "short")));
    }

    @Test
    void renewsNothingWithoutASessionOrOnceReleased() {
        OfficeWorld.Node node = world.new Node("n1");
        node.enrol(world.token("acme", YEAR));
        assertEquals("session.expired", code(renew("guessed", "1".repeat(64))));
        String session = node.session();
        world.tasks.run(
                () -> world.office.desk().ask(() -> world.office.register().remove("acme", "n1")));
        assertEquals("session.expired", code(renew(session, "1".repeat(64))));
    }

    @Test
    void asksThePolicyAgainWhenANodeRenews() {
        OfficeWorld.Node node = world.new Node("n1");
        node.enrol(world.token("acme", YEAR));
        world.policy(candidate -> new EnrolmentPolicy.Decision.Refuse("contract ended"));
        assertEquals("enrol.refused", code(renew(node.session(), "1".repeat(64))));
    }
}
