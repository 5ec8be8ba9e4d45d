package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.stream.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One id in two places: the same message is taken once, another message is told that its id is taken. */
final class SubmissionTwiceTest extends SubmissionsWorld {
    private static Value.Obj other(Value.Obj file) {
        byte[] payload = "somebody else".getBytes(StandardCharsets.UTF_8);
        return file.with("payload", Value.text(Base64.getEncoder().encodeToString(payload)));
    }

    private long rejected(String code) {
        return meter.counter("mr_submissions_rejected_total{code=\"" + code + "\"}");
    }

    private void startAndEmpty() {
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
    }

    /** As a process that ended between spool and directory leaves it. */
    private void spool(List<Value.Obj> all) {
        all.forEach(this::putNext);
        Tasks.Task first = start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        first.cancel();
    }

    @Test
    void aSpooledFileThatExpiredSinceIsNotTakenForALostOne() {
        Value.Obj file = file("a", 1).with("ttl", Value.num(60));
        spool(List.of(file));
        put(file);
        tasks.advance(Duration.ofMinutes(2));
        startAndEmpty();
        assertEquals(List.of("a"), subjects(Lane.NORMAL));
        assertEquals(0, rejected("submission.invalid"));
        assertEquals(List.of(), files.list("rejected"));
    }

    @Test
    void whatIsBehindTheFirstBatchIsFoundInTheSpoolToo() {
        Value.Obj late = file("late", 1);
        spool(List.of(late));
        for (int i = 100; i < 190; i++) {
            files.replace("P1/1-" + i + ".msg", new SimJson().write(file("m" + i, 1)), 0600);
        }
        files.replace("P1/2-late.msg", new SimJson().write(late), 0600);
        startAndEmpty();
        assertEquals(91, subjects(Lane.NORMAL).size());
    }

    @Test
    void anotherMessageOfASpooledIdIsRejectedAndNotLost() {
        Value.Obj file = file("a", 1);
        spool(List.of(file));
        put(other(file));
        startAndEmpty();
        assertEquals(List.of("a"), subjects(Lane.NORMAL));
        assertEquals(1, rejected("submission.id-taken"));
        assertEquals(
                "another message has the id '" + file.text("id").orElseThrow() + "' already",
                told.getFirst().event().data().text("reason").orElseThrow());
    }

    @Test
    void twoFilesOfOneIdInOneBatch() {
        Value.Obj file = file("a", 1);
        put(file);
        putNext(file("b", 1));
        putNext(file);
        putNext(other(file));
        putNext(file.with("subject", Value.text("elsewhere")));
        putNext(file.with("sender", Value.text("root")));
        putNext(file("c", 1));
        startAndEmpty();
        assertEquals(List.of("a", "b", "c"), subjects(Lane.NORMAL));
        assertEquals(3, rejected("submission.id-taken"));
        assertEquals(6, files.list("rejected").size());
    }
}
