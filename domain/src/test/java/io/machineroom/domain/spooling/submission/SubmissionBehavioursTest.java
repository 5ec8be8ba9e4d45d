package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Rows SUB-nn of the behaviours, and the rules of spec streams 2.2 to 2.5 around them, as they hold here. */
final class SubmissionBehavioursTest extends SubmissionsWorld {
    private Map<String, String> headersOf(String subject) {
        return spooled().stream()
                .filter(d -> !d.stamp().isVoid() && d.message().subject().text().endsWith("." + subject))
                .findFirst()
                .orElseThrow()
                .message()
                .headers();
    }

    /** What waits in the spool is stored at the SaaS. */
    private void store() {
        var last = spooled().getLast();
        tasks.run(() -> {
            try (var source = shared.open().source("store")) {
                source.read(100, 1 << 20, Duration.ZERO);
                source.commit(new DoneMark(
                        last.stamp().epoch(), last.stamp().lane(), last.stamp().through(), "store"));
            }
            shared.open().trim();
        });
    }

    @Test
    void sub01AnUnreliableMessageIsTakenOnce() {
        put(file("u1", 1));
        putNext(file("u2", 1));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        tasks.advance(Duration.ofMinutes(10));
        assertEquals(List.of("u1", "u2"), subjects(Lane.NORMAL));
        assertFalse(headersOf("u1").containsKey("Choria-Reliable"));
    }

    /** The original drops the first after 3 attempts and ends the second after 8: here both are offered until stored. */
    @Test
    void sub01AReliableMessageIsOfferedUntilItIsStoredWhateverItsMostTries() {
        bounds = SpoolBounds.of(16 << 20, 100_000).with(Lane.BULK, LaneLimits.records(1, LaneLimits.Overflow.REFUSE));
        put(file("occupied", 4));
        putNext(file("three", 4).with("reliable", Value.bool(true)).with("max_tries", Value.num(3)));
        putNext(file("ten", 4).with("reliable", Value.bool(true)).with("max_tries", Value.num(10)));
        start();
        assertTrue(tasks.runUntil(() -> waiting() == 2, SOON));
        tasks.advance(Duration.ofHours(1));
        assertEquals(2, waiting());
        store();
        assertTrue(tasks.runUntil(() -> waiting() == 1, SOON));
        assertEquals(List.of("three"), subjects(Lane.BULK));
        assertEquals("1", headersOf("three").get("Choria-Reliable"));
        store();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("ten"), subjects(Lane.BULK));
        assertEquals(0, told.size());
    }

    @Test
    void sub01MostTriesStayInTheFile() {
        String name = put(file("a", 4).with("max_tries", Value.num(3)).with("tries", Value.num(2)));
        Value.Obj read =
                (Value.Obj) new SimJson().read(files.read(name, 1 << 20).orElseThrow());
        assertEquals(3, read.whole("max_tries").orElseThrow());
        assertEquals(2, read.whole("tries").orElseThrow());
    }

    /** Each field that must be there is asked for when a message is submitted, before there is a file. */
    @Test
    void sub03RefusesAtSubmitWhatIsMissing() {
        for (String field : List.of("payload", "created", "ttl", "sender")) {
            PortException.Refused why = assertThrows(
                    PortException.Refused.class, () -> put(file("a", 0).without(field)), field);
            assertEquals("submission.invalid", why.code());
        }
        assertThrows(
                PortException.Refused.class,
                () -> put(file("a", 0).with("headers", Value.obj("ChOrIa-x", Value.text("1")))));
        assertEquals(0, waiting());
    }

    @Test
    void sub07TakesFilesByNameAndLeavesOtherEndingsAlone() {
        files.makeDirectory("P1", 0700);
        files.replace("P1/3-c.msg", new SimJson().write(file("third", 1)), 0600);
        files.replace("P1/1-a.msg", new SimJson().write(file("first", 1)), 0600);
        files.replace("P1/2-b.msg", new SimJson().write(file("second", 1)), 0600);
        files.replace("P1/0-x.msg.tmp", new SimJson().write(file("never", 1)), 0600);
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("first", "second", "third"), subjects(Lane.NORMAL));
        assertTrue(files.info("P1/0-x.msg.tmp").isPresent());
    }

    @Test
    void sub10HasTheHeadersThatDependOnTheMessage() {
        put(file("plain", 1).with("identity", Value.text("")));
        putNext(file("full", 1).with("reliable", Value.bool(true)).with("tries", Value.num(7)));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals("n1", headersOf("plain").get("Choria-Identity"));
        assertFalse(headersOf("plain").containsKey("Choria-Tries"));
        assertEquals("1", headersOf("full").get("Choria-Reliable"));
        assertEquals("7", headersOf("full").get("Choria-Tries"));
        assertEquals("1", headersOf("full").get("Choria-Priority"));
    }

    /** Checked again when it is forwarded; where the original deletes it, the file is kept and told of. */
    @Test
    void sub12ChecksAgainWhenItForwards() {
        files.makeDirectory("P1", 0700);
        put(file("expired", 1).with("ttl", Value.num(5)));
        files.replace(
                "P1/1-x.msg",
                new SimJson().write(file("x", 1).with("headers", Value.obj("nats-x", Value.text("1")))),
                0600);
        files.replace("P1/2-x.msg", "{".getBytes(StandardCharsets.UTF_8), 0600);
        tasks.advance(Duration.ofSeconds(7));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of(), subjects(Lane.NORMAL));
        assertEquals(6, files.list("rejected").size());
        assertEquals(3, told.getFirst().event().data().whole("count").orElseThrow());
    }
}
