package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Files of other programs into the spool. */
final class SubmissionsTest extends SubmissionsWorld {
    @Test
    void sub05WritesTheFileOfTheOriginal() {
        String name = put(file("foo.bar", 0).with("headers", Value.obj("x", Value.text("y"))));
        assertTrue(name.matches("P0/[0-9]{19}-[0-9a-f-]{36}\\.msg"), name);
        assertEquals(1, directory.names(0).size());
        assertEquals(0600, files.info(name).orElseThrow().mode());
        assertEquals(0700, files.info("P0").orElseThrow().mode());
        Value.Obj read =
                (Value.Obj) new SimJson().read(files.read(name, 1 << 20).orElseThrow());
        assertEquals("y", read.obj("headers").orElseThrow().text("x").orElseThrow());
        assertEquals("aGVsbG8gd29ybGQ=", read.text("payload").orElseThrow());
    }

    @Test
    void sub06TakesOneMoreThanTheLimitAndNoFurther() {
        for (int i = 0; i < 51; i++) {
            put(file("foo", 0));
        }
        PortException.Refused why = assertThrows(PortException.Refused.class, () -> put(file("foo", 0)));
        assertEquals("spool is full", why.getMessage());
        put(file("foo", 1));
        assertEquals(51, directory.names(0).size());
    }

    @Test
    void bringsEachPriorityInItsOrderIntoItsLaneAndLetsGoOfTheFiles() {
        for (int i = 0; i < 40; i++) {
            for (int priority = 0; priority < 5; priority++) {
                putNext(file("p" + priority + ".m" + i, priority));
            }
        }
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(40, subjects(Lane.URGENT).size());
        for (int priority = 0; priority < 5; priority++) {
            String mine = "p" + priority + ".";
            List<String> order = subjects(Submission.lane(priority)).stream()
                    .filter(s -> s.startsWith(mine))
                    .toList();
            List<String> wanted = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                wanted.add(mine + "m" + i);
            }
            assertEquals(wanted, order);
        }
        assertEquals(200, meter.counter("mr_submissions_total{way=\"directory\"}"));
    }

    @Test
    void carriesThePayloadAsItIs() {
        put(file("foo", 1));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        Delivery only = spooled().getFirst();
        assertEquals("hello world", new String(only.message().bytes(), StandardCharsets.UTF_8));
        assertEquals("n1", only.message().headers().get("Choria-Identity"));
        assertFalse(only.message().headers().containsKey("Content-Type"));
    }

    @Test
    void sub11AMessageThatTheSpoolHasAlreadyIsNotAppendedAgain() {
        Value.Obj file = file("a", 1);
        put(file);
        Tasks.Task first = start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        first.cancel();
        put(file); // as if the process had ended between spool and directory
        putNext(file("b", 1));
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("a", "b"), subjects(Lane.NORMAL));
    }

    @Test
    void rejectedFilesAreBounded() {
        for (int i = 0; i < 150; i++) {
            files.replace("P3/" + (1000 + i) + "-x.msg", "no".getBytes(StandardCharsets.UTF_8), 0600);
        }
        start();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(RejectedFiles.MAX_FILES * 2, files.list("rejected").size());
        assertEquals(150, meter.counter("mr_submissions_rejected_total{code=\"submission.unreadable\"}"));
    }
}
