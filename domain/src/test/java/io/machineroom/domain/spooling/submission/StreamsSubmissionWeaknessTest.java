package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.spool.LaneLimits;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.DoneMark;
import io.machineroom.ports.stream.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Weaknesses of spec streams, section 11, that submissions had. */
final class StreamsSubmissionWeaknessTest extends SubmissionsWorld {
    @Test
    void streamsW02DoesNotCountAttemptsWhileNothingCanBeTaken() {
        bounds = SpoolBounds.of(16 << 20, 1);
        Value.Obj first = file("a", 1).with("max_tries", Value.num(1)).with("tries", Value.num(1));
        put(first);
        putNext(file("b", 1).with("max_tries", Value.num(1)));
        start();
        assertTrue(tasks.runUntil(() -> waiting() == 1, SOON));
        tasks.advance(Duration.ofHours(20));
        assertEquals(1, waiting());
        assertEquals(List.of("a"), subjects(Lane.NORMAL));
        release();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("b"), subjects(Lane.NORMAL));
    }

    /** The SaaS has what waits. */
    private void release() {
        Delivery last = spooled().getLast();
        tasks.run(() -> {
            try (var source = shared.open().source("release")) {
                source.read(10, 1 << 20, Duration.ZERO);
                source.commit(new DoneMark(
                        last.stamp().epoch(), last.stamp().lane(), last.stamp().through(), "store"));
            }
            shared.open().trim();
        });
    }

    @Test
    void streamsW02ReportsWhatExpiredBeforeTheSpoolHadIt() {
        put(file("a", 1).with("ttl", Value.num(60)));
        tasks.advance(Duration.ofMinutes(2));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertTrue(spooled().isEmpty());
        assertEquals("message has expired", reason());
        assertEquals(1, meter.counter("mr_submissions_rejected_total{code=\"submission.invalid\"}"));
    }

    @Test
    void streamsW03HoldsTheFollowersWhileTheFirstWaits() {
        bounds = SpoolBounds.of(16 << 20, 100_000).with(Lane.NORMAL, LaneLimits.records(2, LaneLimits.Overflow.REFUSE));
        for (int i = 0; i < 6; i++) {
            putNext(file("m" + i, 1));
        }
        put(file("patient", 4));
        start();
        assertTrue(tasks.runUntil(() -> waiting() == 4, SOON));
        assertEquals(List.of("m0", "m1"), subjects(Lane.NORMAL));
        assertEquals(List.of("patient"), subjects(Lane.BULK));
    }

    @Test
    void streamsW04AFileThatCannotBeDeletedIsNotSentAgain() {
        put(file("a", 1));
        boolean[] held = {true};
        disk.beforeEachStep(step -> {
            if (held[0] && step.contains("/s/P1/")) {
                throw new PortException.Unavailable("file.disk", "not now: " + step);
            }
        });
        start();
        assertTrue(tasks.runUntil(() -> meter.counter("mr_submissions_total{way=\"directory\"}") == 1, SOON));
        tasks.advance(Duration.ofMinutes(5));
        assertEquals(1, waiting());
        assertEquals(1, subjects(Lane.NORMAL).size());
        held[0] = false;
        tasks.advance(Duration.ofSeconds(5));
        assertTrue(empty());
        assertEquals(1, subjects(Lane.NORMAL).size());
    }

    @Test
    void streamsW05KeepsWhatCannotBeReadAsEvidence() {
        files.replace("P2/1-x.msg", "{\"id\":".getBytes(StandardCharsets.UTF_8), 0600);
        files.replace("P2/2-x.msg", new byte[300_000], 0600);
        files.replace("P2/notes.txt", new byte[10], 0600);
        files.makeDirectory("P2/3-x.msg", 0700);
        files.replace("P2/3-x.msg/inside", new byte[10], 0600);
        put(file("good", 2));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("good"), subjects(Lane.NORMAL));
        assertTrue(files.info("rejected/1-x.msg.P2").isPresent());
        assertTrue(files.info("rejected/1-x.msg.P2.reason").isPresent());
        assertTrue(files.info("rejected/2-x.msg.P2").isPresent());
        assertTrue(files.info("rejected/3-x.msg.P2/inside").isPresent());
        assertTrue(files.info("P2/notes.txt").isPresent());
        assertEquals(1, told.size());
        assertEquals(Lane.URGENT, told.getFirst().lane());
        assertEquals(3, told.getFirst().event().data().whole("count").orElseThrow());
    }

    @Test
    void streamsW05NothingIsSeenBeforeItIsWholeAndAllIsThereAfterwards() {
        put(file("a", 1));
        disk.crash();
        assertEquals(1, directory.names(1).size());
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("a"), subjects(Lane.NORMAL));
    }

    /** A lane that drops what is new leaves a void for each: the files stay, and one a look asks for room. */
    @Test
    void filesWaitForALaneThatDropsWhatIsNew() {
        bounds = SpoolBounds.of(16 << 20, 100_000)
                .with(Lane.NORMAL, LaneLimits.records(1, LaneLimits.Overflow.DROP_NEWEST));
        for (int i = 0; i < 40; i++) {
            putNext(file("s" + i, 1));
        }
        start();
        assertTrue(tasks.runUntil(() -> waiting() == 39, SOON));
        tasks.advance(Duration.ofSeconds(10));
        assertEquals(39, waiting());
        assertEquals(0, meter.counter("mr_submissions_rejected_total{code=\"spool.full\"}"));
        assertTrue(spooled().size() < 60, () -> "voids: " + spooled().size());
        release();
        assertTrue(tasks.runUntil(() -> waiting() < 39, SOON));
    }

    @Test
    void aReasonIsALineWhateverTheFileSays() {
        Value.Obj bad = file("a", 1).with("subject", Value.text("sub.*.ject\n" + "y".repeat(500)));
        files.makeDirectory("P1", 0700);
        files.replace("P1/1-bad.msg", new SimJson().write(bad), 0600);
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertTrue(reason().length() < 210 && reason().chars().noneMatch(c -> c < ' '), reason());
    }

    @Test
    void streamsW62TellsWhyAMessageWasRejected() {
        put(file("a", 1).with("sign", Value.bool(true)));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals("seed file not found", reason());
    }

    private String reason() {
        return told.getFirst().event().data().text("reason").orElseThrow();
    }
}
