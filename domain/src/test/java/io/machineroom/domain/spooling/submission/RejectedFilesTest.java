package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of files that cannot be used, also on a disk that does not always obey. */
final class RejectedFilesTest extends SubmissionsWorld {
    private void bad(String name, String content) {
        files.makeDirectory("P1", 0700);
        files.replace("P1/" + name, content.getBytes(StandardCharsets.UTF_8), 0600);
    }

    private String rejected(String name) {
        return new String(files.read("rejected/" + name, 1 << 20).orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void anOlderFileOfTheSameNameStays() {
        bad("1-x.msg", "first");
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        bad("1-x.msg", "second");
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals("first", rejected("1-x.msg.P1"));
        assertEquals("second", rejected("1-x.msg.P1~2"));
        assertTrue(rejected("1-x.msg.P1~2.reason").startsWith("submission.unreadable: "));
        assertEquals(4, files.list("rejected").size());
    }

    @Test
    void aReasonWhoseFileWasTakenAwayIsSwept() {
        bad("1-x.msg", "no");
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        files.delete("rejected/1-x.msg.P1");
        bad("2-x.msg", "no");
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("2-x.msg.P1", "2-x.msg.P1.reason"), files.list("rejected"));
    }

    @Test
    void noReasonIsWrittenForAFileThatCannotBeMoved() {
        boolean[] held = {true};
        disk.beforeEachStep(step -> {
            if (held[0] && step.startsWith("rename") && step.contains("/s/P1/1-x.msg /s/rejected/")) {
                throw new PortException.Unavailable("file.disk", "not now: " + step);
            }
        });
        bad("1-x.msg", "no");
        put(file("good", 1));
        start();
        assertTrue(tasks.runUntil(() -> waiting() == 1, SOON));
        tasks.advance(Duration.ofMinutes(5));
        // neither told again nor in the way of others, and its owner may still take it
        assertEquals(List.of("good"), subjects(Lane.NORMAL));
        assertEquals(List.of("1-x.msg"), directory.names(1));
        assertEquals(List.of(), files.list("rejected"));
        assertEquals(1, told.size());
        assertEquals(1, meter.counter("mr_submissions_rejected_total{code=\"submission.unreadable\"}"));
        held[0] = false;
    }

    @Test
    void aFileWithoutItsReasonIsKept() {
        disk.beforeEachStep(step -> {
            if (step.startsWith("write") && step.contains("reason")) {
                throw new PortException.Unavailable("file.disk", "full: " + step);
            }
        });
        bad("1-x.msg", "no");
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        tasks.advance(Duration.ofSeconds(5));
        assertEquals("no", rejected("1-x.msg.P1"));
        assertFalse(files.info("rejected/1-x.msg.P1.reason").isPresent());
        assertEquals(1, told.size());
    }

    @Test
    void whatIsInADirectoryCountsForTheBound() {
        for (int i = 1; i <= 3; i++) {
            bad(i + "-x.msg/inside/more", "y".repeat(7 << 20));
            tasks.advance(Duration.ofSeconds(1));
        }
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(4, files.list("rejected").size(), () -> "" + files.list("rejected"));
    }

    /** A refusal of the disk is told and waits: the service goes on, and takes what comes when it is over. */
    @Test
    void aRefusalDoesNotEndTheService() {
        boolean[] held = {true};
        disk.beforeEachStep(step -> {
            if (held[0] && step.contains("/s/P")) {
                throw new PortException.Refused("file.outside", "not here: " + step);
            }
        });
        start();
        tasks.advance(Duration.ofMinutes(1));
        held[0] = false;
        put(file("a", 1));
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("a"), subjects(Lane.NORMAL));
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }
}
