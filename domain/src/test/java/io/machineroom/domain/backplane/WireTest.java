package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a node may put on the wire and what not. */
final class WireTest {
    private static final String LINEAGE = "a".repeat(32);
    private static final String NONCE = "b".repeat(32);
    private static final String EPOCH = LINEAGE + ".3." + NONCE;

    private static Map<String, String> good() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Mr-Epoch", EPOCH);
        headers.put("Mr-Lane", "normal");
        headers.put("Mr-Number", "7");
        headers.put("Mr-Id", "event-7");
        headers.put("Mr-Created", "2026-01-01T00:00:00Z");
        headers.put("Content-Type", "application/cloudevents+json");
        return headers;
    }

    private static Arrived read(String subject, Map<String, String> headers) {
        Message message =
                new Message(Subject.of(subject), "raw", headers, ByteBuffer.wrap(new byte[] {1}), SimTasks.START);
        return Wire.read(new Intake.Arrival(message, 1, ""), IngestWorld.NODE);
    }

    private static Arrived read(Map<String, String> headers) {
        return read("mr.UNODE1.choria.machine.transition", headers);
    }

    private static void refused(Map<String, String> headers) {
        assertEquals(
                "arrival.malformed",
                assertThrows(PortException.Refused.class, () -> read(headers), headers::toString)
                        .code());
    }

    private static void refused(String name, String value) {
        Map<String, String> headers = good();
        headers.put(name, value);
        refused(headers);
    }

    @Test
    void takesWhatFollowsTheProtocolAndLeavesTheWiresOwnHeadersBehind() {
        Map<String, String> headers = good();
        headers.put("Mr-Previous", LINEAGE + ".2." + NONCE + "/12");
        headers.put("nats-Msg-Id", "x");
        headers.put("Trace", "t-1");
        Arrived arrived = read(headers);
        assertEquals("event-7", arrived.message().id());
        assertEquals(Subject.of("choria.machine.transition"), arrived.message().subject());
        assertEquals(
                Map.of("Content-Type", "application/cloudevents+json", "Trace", "t-1"),
                arrived.message().headers());
        assertEquals(
                12,
                Optional.ofNullable(arrived.stamp().previous()).orElseThrow().last());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "-5",
                "7-",
                "-7",
                "1-2",
                "9-3",
                "7.0",
                "0x7",
                "+",
                "9007199254740993",
                "9223372036854775808",
                "1-9223372036854775807",
                " 7",
                "7 ",
                "٧-",
                "1e3"
            })
    void refusesNumbersThatAreNone(String number) {
        refused("Mr-Number", number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0-5", "5-3", "-3--1", "1-9007199254740993", "1-9223372036854775808", "1-2-3"})
    void refusesVoidsOverRangesThatAreNone(String range) {
        Map<String, String> headers = good();
        headers.put("Mr-Number", range);
        headers.put("Mr-Void", "overflow");
        assertEquals(
                "arrival.malformed",
                assertThrows(PortException.Refused.class, () -> read("mr.UNODE1.machine_room.void", headers), range)
                        .code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"overflow", "expired", "superseded", "parked", "damaged", "capacity"})
    void takesEveryCauseOfTheProtocol(String cause) {
        Map<String, String> headers = good();
        headers.put("Mr-Void", cause);
        headers.put("Mr-Number", "1-5");
        assertEquals(cause, read("mr.UNODE1.machine_room.void", headers).stamp().voidCause());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bored", "OVERFLOW", "overflow\u0000", "over\r\nflow", "a-cause-of-its-own"})
    void refusesCausesThatAreNone(String cause) {
        Map<String, String> headers = good();
        headers.put("Mr-Void", cause);
        headers.put("Mr-Number", "1-5");
        assertThrows(PortException.Refused.class, () -> read("mr.UNODE1.machine_room.void", headers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a.1.b",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.1.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.1.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.1.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.0.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.-1.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.9223372036854775807.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.1.bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb.1"
            })
    void refusesEpochsThatAreNone(String epoch) {
        refused("Mr-Epoch", epoch);
        refused("Mr-Previous", epoch + "/5");
    }

    @Test
    void refusesAnEpochBeforeThatCannotBeTheOneBefore() {
        refused("Mr-Previous", EPOCH + "/5");
        refused("Mr-Previous", LINEAGE + ".4." + NONCE + "/5");
        refused("Mr-Previous", "c".repeat(32) + ".2." + NONCE + "/5");
        refused("Mr-Previous", LINEAGE + ".2." + NONCE + "/0");
        refused("Mr-Previous", LINEAGE + ".2." + NONCE + "/-1");
        refused("Mr-Previous", LINEAGE + ".2." + NONCE + "/9007199254740993");
        refused("Mr-Previous", LINEAGE + ".2." + NONCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\rb", "a\nb", "a\u0000b", "a\u007fb", "a\tb"})
    void refusesHeadersThatCannotTravelOn(String value) {
        refused("Trace", value);
        refused("Content-Type", value);
        refused("Mr-Id", value);
        refused(value, "fine");
    }

    @Test
    void refusesHeadersThatAreTooMuch() {
        refused("Trace", "x".repeat(8 * 1024));
        Map<String, String> headers = good();
        for (int i = 0; i < 200; i++) {
            headers.put("H" + i, "x".repeat(50));
        }
        refused(headers);
        refused("x".repeat(129), "long name");
        refused("", "no name");
        refused("a:b", "a colon");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "é", "a\u0000"})
    void refusesIdsThatAreNone(String id) {
        refused("Mr-Id", id);
    }

    @Test
    void refusesIdsThatAreTooLongMissingLanesAndTimes() {
        refused("Mr-Id", "x".repeat(129));
        refused("Mr-Lane", "fast");
        refused("Mr-Created", "yesterday");
        for (String name : new String[] {"Mr-Epoch", "Mr-Lane", "Mr-Number", "Mr-Id"}) {
            Map<String, String> headers = good();
            headers.remove(name);
            refused(headers);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mr.UNODE1.$JS.API.STREAM.DELETE.X",
                "mr.UNODE1._INBOX.x",
                "mr.UNODE1.mr.UNODE2.choria.machine.transition",
                "mr.UNODE1.machine_room.void"
            })
    void refusesSubjectsThatAreNotANodes(String subject) {
        assertEquals(
                "arrival.malformed",
                assertThrows(PortException.Refused.class, () -> read(subject, good()))
                        .code());
    }

    @Test
    void refusesAVoidUnderTheSubjectOfAnEvent() {
        Map<String, String> headers = good();
        headers.put("Mr-Void", "overflow");
        headers.put("Mr-Number", "1-5");
        refused(headers);
        assertTrue(read("mr.UNODE1.machine_room.void", headers).stamp().isVoid());
    }

    @Test
    void findsTheNodeInTheSubjectOnly() {
        Message stranger =
                new Message(Subject.of("mr.UNODE1"), "raw", Map.of(), ByteBuffer.allocate(0), SimTasks.START);
        assertFalse(Wire.address(new Intake.Arrival(stranger, 1, "")).isPresent());
        assertEquals(
                Optional.of(new Wire.Address("", "UNODE2")),
                Wire.address(new Intake.Arrival(stranger.at(Subject.of("mr.UNODE2.a")), 1, "")));
    }
}
