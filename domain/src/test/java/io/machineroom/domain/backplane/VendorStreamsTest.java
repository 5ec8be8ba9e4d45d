package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What reaches the vendor, whatever nodes managed to get into the log. */
final class VendorStreamsTest extends VendorStreamsWorld {
    @Test
    void bringsBothEventsOfAForkAndDropsWhatIsWrittenTwice() {
        store(1, "mine");
        store(1, "of-the-clone");
        store(2, "next");
        written(start());
        assertEquals(List.of("mine", "of-the-clone", "next"), ids("MACHINE_ROOM_EVENTS"));
        files.delete("vendor-streams.json");
        written(start());
        assertEquals(List.of("mine", "of-the-clone", "next"), ids("MACHINE_ROOM_EVENTS"));
    }

    @Test
    void leavesOutInventoriesThatAreNoneAndServesTheOthers() {
        store(1, "before");
        store("n1", 2, message("choria.broadcast.agent.registration", "torn", new byte[] {'{'}));
        store("n1", 3, message("choria.broadcast.agent.registration", "empty", new byte[0]));
        String year = "{\"specversion\":\"1.0\",\"id\":\"a\",\"source\":\"s\",\"type\":\"t\",\"subject\":\"n\","
                + "\"datacontenttype\":\"application/json\",\"time\":\"+999999999-01-01T00:00:00Z\",\"data\":{}}";
        store("n1", 4, message("choria.broadcast.agent.registration", "far", year.getBytes(StandardCharsets.UTF_8)));
        store(5, "after");
        written(start());
        assertEquals(List.of("before", "after"), ids("MACHINE_ROOM_EVENTS"));
    }

    @Test
    void leavesOutWhatTheBrokerCannotTakeAndServesTheOthers() {
        byte[] huge = new byte[1_000];
        List<String> asked = new ArrayList<>();
        broker.refusing(m -> {
            asked.add(m.id().substring(m.id().lastIndexOf('.') + 1));
            return m.size() == huge.length;
        });
        store(1, "before");
        store("n1", 2, message("choria.machine.transition", "huge", huge));
        store("n1", 3, message("choria.submission.in.x", "wide", huge));
        store(4, "between");
        store("n1", 5, message("a".repeat(1020), "long", new byte[] {'{', '}'}));
        store("n one", 6, message("choria.broadcast.agent.registration", "name", new byte[] {'{', '}'}));
        store(7, "after");
        written(start());
        assertEquals(List.of("before", "between", "after"), ids("MACHINE_ROOM_EVENTS"));
        assertEquals(List.of(), ids("MACHINE_ROOM_SUBMISSION"));
        assertEquals(List.of(), ids("MACHINE_ROOM_NODES"));
        assertTrue(asked.containsAll(List.of("huge", "wide")), asked.toString());
        asked.clear();
        store(8, "last");
        written(start());
        assertEquals(List.of("last"), asked, "what was refused for good is not offered again");
    }

    @Test
    void keepsItsPlaceWhileTheBrokerIsAwayAndWritesNothingTwice() {
        store(1, "one");
        VendorStreams first = start();
        written(first);
        network.cut("backplane", "broker");
        store(2, "two");
        tasks.advance(Duration.ofSeconds(60));
        assertEquals(List.of("one"), ids("MACHINE_ROOM_EVENTS"));
        assertEquals(1, first.position());
        network.heal();
        List<Throwable> lost = List.copyOf(tasks.failures());
        assertTrue(lost.size() <= 1, lost.toString());
        VendorStreams second = start();
        assertTrue(tasks.runUntil(() -> second.position() == 2, Duration.ofSeconds(30)));
        assertEquals(List.of("one", "two"), ids("MACHINE_ROOM_EVENTS"));
    }

    /** Its node died between its spool and its submission directory. */
    @Test
    void aSubmissionThatCameUnderTwoNumbersIsWrittenOnce() {
        VendorStreams streams = start();
        byte[] body = {1, 2, 3};
        store("n1", 1, message("choria.submission.in.x", "same", body));
        store("n1", 2, message("choria.submission.in.x", "same", body));
        store("n1", 3, message("choria.machine.x", "alike", body));
        store("n1", 4, message("choria.machine.x", "alike", body));
        written(streams);
        assertEquals(List.of("same"), ids("MACHINE_ROOM_SUBMISSION"));
        assertEquals(List.of("alike", "alike"), ids("MACHINE_ROOM_EVENTS"));
    }
}
