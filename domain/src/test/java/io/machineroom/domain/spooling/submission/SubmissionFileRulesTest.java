package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rules of message files and their headers (streams 2.2 to 2.5) that no row of the behaviours shows. */
final class SubmissionFileRulesTest extends SubmissionsWorld {
    private Submission read(Value.Obj file) {
        return SubmissionFormat.read(file, "spare").at("n1");
    }

    private void check(Value.Obj file) {
        SubmissionRules.check(read(file), SETTINGS, tasks.time().wall());
    }

    private String fault(Value.Obj file) {
        return String.valueOf(
                assertThrows(PortException.Refused.class, () -> check(file)).getMessage());
    }

    @Test
    void theTimeToLiveCountsInWholeSeconds() {
        Value.Obj file = file("a", 1);
        check(file.with("ttl", Value.num(2_678_400)));
        assertEquals("ttl exceeds maximum 744h0m0s", fault(file.with("ttl", Value.num(2_678_401))));
        assertEquals("ttl may not be 0", fault(file.with("ttl", Value.num(0))));
        assertEquals("message has expired", fault(file.with("ttl", new Value.Num(new BigDecimal("-5")))));
        Value.Obj short1 = file.with("ttl", new Value.Num(new BigDecimal("1.9")));
        check(short1);
        tasks.advance(Duration.ofMillis(1_500));
        assertEquals("message has expired", fault(short1));
    }

    @Test
    void createdIsReadInAnyZoneAndIsToldInNanoseconds() {
        Value.Obj file = file("a", 1);
        String wall = tasks.time().wall().toString();
        Value.Obj east = file.with("created", Value.text(wall.replace("Z", "+02:00")));
        assertEquals(
                Duration.ofHours(-2),
                Duration.between(tasks.time().wall(), read(east).created()));
        Value.Obj precise = file.with("created", Value.text("2026-03-04T05:06:07.123456789Z"));
        assertEquals(
                "1772600767123456789",
                SubmissionEnvelope.nanoseconds(read(precise).created()));
        for (String zero : List.of("0001-01-01T00:00:00Z", "")) {
            assertEquals("created time is zero", fault(file.with("created", Value.text(zero))));
        }
        assertEquals("created time is zero", fault(file.without("created")));
    }

    /** As base64 of a shell breaks them; the original reads over line ends. */
    @Test
    void aPayloadInLines() {
        Value.Obj file = file("a", 1).with("payload", Value.text("aGVsbG8g\r\nd29y\nbGQ=\n"));
        check(file);
        assertEquals("hello world", new String(read(file).bytes(), StandardCharsets.UTF_8));
        assertEquals("'payload' is not base64", fault(file.with("payload", Value.text("aGVsbG8g d29ybGQ="))));
    }

    @Test
    void whatTheFormatDoesNotKnowIsReadOver() {
        check(file("a", 1)
                .with("comment", Value.text("mine"))
                .with("headers", Value.nil())
                .with("max_tries", Value.nil()));
    }

    /** All that is wrong at once: the first of the original's order is told. */
    @Test
    void theOrderOfFaults() {
        Value.Obj bad = file("", 7)
                .with("payload", Value.text(""))
                .with("created", Value.text("0001-01-01T00:00:00Z"))
                .with("ttl", Value.num(0))
                .with("sender", Value.text(""))
                .with("headers", Value.obj("ChOrIa-X", Value.text("1")));
        List<String> told = new ArrayList<>();
        Map<String, Value> better = new java.util.LinkedHashMap<>();
        better.put("subject", Value.text("a"));
        better.put("payload", Value.text("aGk="));
        better.put("priority", Value.num(4));
        better.put("created", Value.text(tasks.time().wall().toString()));
        better.put("ttl", Value.num(60));
        better.put("sender", Value.text("n1"));
        for (Map.Entry<String, Value> mended : better.entrySet()) {
            told.add(fault(bad));
            bad = bad.with(mended.getKey(), mended.getValue());
        }
        told.add(fault(bad));
        assertEquals(
                List.of(
                        "subject is required",
                        "payload is required",
                        "priority must be 0...4",
                        "created time is zero",
                        "ttl may not be 0",
                        "sender is required",
                        "headers may not start with 'choria' or 'nats'"),
                told);
    }

    @Test
    void onlyNamesThatEndInMsgAreMessages() {
        for (String name : List.of("1-a.msg~", "2-b.tmp", "3-c", "4-d.MSG", ".msg.swp")) {
            files.replace("P1/" + name, new SimJson().write(file("no", 1)), 0600);
        }
        files.replace("P1/9-z.msg", new SimJson().write(file("yes", 1)), 0600);
        start();
        tasks.advance(SOON);
        assertEquals(List.of("yes"), subjects(Lane.NORMAL));
        assertEquals(5, files.list("P1").size());
        assertEquals(List.of(), files.list("rejected"));
    }

    @Test
    void namesDecideTheOrderNotTimes() {
        for (String name : List.of("30", "100", "20")) {
            files.replace("P3/" + name + "-x.msg", new SimJson().write(file("m" + name, 3)), 0600);
        }
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("m100", "m20", "m30"), subjects(Lane.BULK));
    }

    @Test
    void aSpoolFullOfOnePriorityHoldsNoOtherOne() {
        for (int i = 0; i < 60; i++) {
            putLeft(i, 4);
        }
        assertEquals("spool is full", refusal(4));
        put(file("other", 0));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("other"), subjects(Lane.URGENT));
    }

    private void putLeft(int i, int priority) {
        files.replace(
                "P" + priority + "/" + (1_000 + i) + "-x.msg", new SimJson().write(file("m" + i, priority)), 0600);
    }

    private String refusal(int priority) {
        return String.valueOf(assertThrows(PortException.Refused.class, () -> put(file("late", priority)))
                .getMessage());
    }

    /** What a reader of the stream sees: these headers, and none that says what is not so. */
    @Test
    void headersOfTheWire() throws InterruptedException {
        Value.Obj file = file("my.event", 2)
                .with("reliable", Value.bool(true))
                .with("sender", Value.text("backup"))
                .with("headers", Value.obj("Hello", Value.text("World")));
        put(file);
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        Spool spool = shared.current().orElseThrow();
        List<Delivery> all = new ArrayList<>();
        tasks.run(() -> spool.walk(all::add));
        Delivery one = all.getFirst();
        assertEquals("choria.submission.in.my.event", one.message().subject().text());
        assertEquals(file.text("id").orElseThrow(), one.message().id());
        Map<String, String> headers = one.message().headers();
        assertEquals("2", headers.get("Choria-Priority"));
        assertEquals("1", headers.get("Choria-Reliable"));
        assertEquals("backup", headers.get("Choria-Sender"));
        assertEquals("n1", headers.get("Choria-Identity"));
        assertEquals("World", headers.get("Hello"));
        assertTrue(headers.keySet().stream()
                .noneMatch(List.of("Choria-Tries", "Choria-Token", "Choria-Signature")::contains));
    }
}
