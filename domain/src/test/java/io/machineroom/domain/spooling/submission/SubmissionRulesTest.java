package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimTasks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Spec streams 2.2: what a message must be, and its defaults. */
final class SubmissionRulesTest {
    private static final Instant NOW = SimTasks.START;

    private final SimTasks tasks = new SimTasks(5);

    private Value.Obj fresh() {
        byte[] payload = "hello world".getBytes(StandardCharsets.UTF_8);
        return SubmissionFormat.fresh("foo.bar", payload, "n1", NOW, tasks.entropy());
    }

    private void check(Value.Obj file) {
        SubmissionRules.check(SubmissionFormat.read(file, "spare"), SubmissionSettings.defaults(), NOW);
    }

    private String fault(Value.Obj file) {
        return String.valueOf(
                assertThrows(PortException.Refused.class, () -> check(file)).getMessage());
    }

    @Test
    void sub02RefusesAMessageWithoutSubject() {
        assertEquals("subject is required", fault(fresh().with("subject", Value.text(""))));
        assertEquals("subject is required", fault(fresh().without("subject")));
    }

    @Test
    void sub04TakesAHeader() {
        assertDoesNotThrow(() -> check(fresh().with("headers", Value.obj("x", Value.text("y")))));
    }

    @Test
    void sub09HasTheDefaultsOfTheFormat() {
        Submission message = SubmissionFormat.read(fresh(), "spare");
        assertEquals(500, message.maxTries());
        assertEquals(604_800, message.ttlSeconds());
        assertEquals(0, message.priority());
        assertEquals(false, message.reliable());
        assertEquals("n1", message.sender());
        assertEquals("n1", message.identity());
    }

    @Test
    void refusesInTheOrderOfTheOriginal() {
        assertEquals("payload is required", fault(fresh().with("payload", Value.text(""))));
        assertEquals("priority must be 0...4", fault(fresh().with("priority", Value.num(5))));
        assertEquals("priority must be 0...4", fault(fresh().with("priority", Value.num(-1))));
        assertEquals("created time is zero", fault(fresh().with("created", Value.text("0001-01-01T00:00:00Z"))));
        assertEquals("created time is zero", fault(fresh().without("created")));
        assertEquals("ttl may not be 0", fault(fresh().with("ttl", Value.num(0))));
        assertEquals("ttl exceeds maximum 744h0m0s", fault(fresh().with("ttl", Value.num(31 * 86_400 + 1))));
        assertDoesNotThrow(() -> check(fresh().with("ttl", Value.num(31 * 86_400))));
        assertEquals("sender is required", fault(fresh().with("sender", Value.text(""))));
        assertEquals(
                "message has expired",
                fault(fresh().with("created", Value.text("2025-12-31T23:59:00Z"))
                        .with("ttl", Value.num(30))));
        assertEquals("message has expired", fault(fresh().with("ttl", Value.num(-1))));
        assertEquals(
                "payload is required",
                fault(fresh().with("payload", Value.nil())
                        .with("priority", Value.num(9))
                        .without("sender")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"choria-x", "Choria-Priority", "CHORIA", "nats-x", "Nats-Msg-Id", "nAtS"})
    void refusesHeadersOfTheWireInAnyCase(String name) {
        assertEquals(
                "headers may not start with 'choria' or 'nats'",
                fault(fresh().with("headers", Value.obj(name, Value.text("1")))));
    }

    @ParameterizedTest
    @CsvSource({
        "subject, foo.*.bar",
        "subject, foo..bar",
        "subject, a b",
        "sender, a\u00e4",
        "id, a b",
    })
    void refusesWhatNoServerWouldTake(String field, String text) {
        assertThrows(PortException.Refused.class, () -> check(fresh().with(field, Value.text(text))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mr-Id", "machine-room-signature", "a:b", "a b", ""})
    void refusesHeadersThatCannotTravel(String name) {
        assertThrows(
                PortException.Refused.class, () -> check(fresh().with("headers", Value.obj(name, Value.text("1")))));
    }

    @Test
    void refusesALineEndInAHeader() {
        assertThrows(
                PortException.Refused.class,
                () -> check(fresh().with("headers", Value.obj("x", Value.text("1\r\nNats-Rollup: all")))));
    }

    @ParameterizedTest
    @ValueSource(strings = {" x", "x ", " "})
    void streamsW39RefusesSpacesThatGetLostOnTheWay(String text) {
        assertEquals(
                "header 'x' has a space at its beginning or end",
                fault(fresh().with("headers", Value.obj("x", Value.text(text)))));
        assertEquals(
                "sender and identity may not begin or end with a space",
                fault(fresh().with("sender", Value.text(text))));
    }

    @Test
    void streamsW39RefusesOneHeaderInTwoSpellings() {
        assertEquals(
                "header 'content-type' is there twice, in two spellings",
                fault(fresh().with(
                                "headers",
                                Value.obj("Content-Type", Value.text("a/b"), "content-type", Value.text("c/d")))));
    }

    @Test
    void streamsW38BoundsOneMessage() {
        byte[] large = new byte[(512 << 10) + 1];
        assertEquals(
                "message is larger than 524288 bytes",
                fault(SubmissionFormat.fresh("foo", large, "n1", NOW, tasks.entropy())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"reliable", "priority", "headers", "subject", "ttl", "created", "payload"})
    void anotherTypeIsNoMessage(String field) {
        Value wrong = field.equals("subject") || field.equals("payload") || field.equals("created")
                ? Value.num(1)
                : Value.text("x");
        assertThrows(PortException.Refused.class, () -> SubmissionFormat.read(fresh().with(field, wrong), "spare"));
    }

    @Test
    void aYearBeyondFourDigitsIsNoTime() {
        assertThrows(
                PortException.Refused.class,
                () -> check(fresh().with("created", Value.text("+999999999-12-31T23:59:59Z"))));
    }

    @Test
    void eachPriorityHasOneLane() {
        assertEquals(
                java.util.List.of("urgent", "normal", "normal", "bulk", "bulk"),
                java.util.stream.IntStream.range(0, 5)
                        .mapToObj(p -> Submission.lane(p).wireName())
                        .toList());
    }
}
