package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the broker forgot is written again, and nothing else. */
final class VendorStreamsLossTest extends VendorStreamsWorld {
    @Test
    void writesAgainWhatTheBrokerForgotAndNothingElse() {
        List<String> all = new ArrayList<>();
        VendorStreams first = start();
        for (int i = 1; i <= 300; i++) {
            boolean submitted = i % 3 == 0;
            store("n1", i, message(submitted ? "choria.submission.in.x" : "choria.machine.x", "e" + i, new byte[] {
                '{', '}'
            }));
            all.add("e" + i);
            tasks.advance(Duration.ofSeconds(1));
        }
        written(first);
        broker.forget(Duration.ofMinutes(2));
        assertTrue(ids("MACHINE_ROOM_EVENTS").size() < 150, "it forgot");
        lostConnection(first);
        writtenAgain(start());
        List<String> events = ids("MACHINE_ROOM_EVENTS");
        List<String> submissions = ids("MACHINE_ROOM_SUBMISSION");
        assertEquals(all.stream().filter(e -> !submissions.contains(e)).toList(), events);
        assertEquals(100, submissions.size());
        assertEquals(300, events.size() + submissions.size());
    }

    @Test
    void fillsAStreamThatIsGoneFromTheOldestPlaceItKnowsAndNoOtherTwice() {
        VendorStreams first = start();
        for (int i = 1; i <= 60; i++) {
            store("n1", i, message(i % 2 == 0 ? "choria.submission.in.x" : "choria.machine.x", "e" + i, new byte[] {
                '{', '}'
            }));
            tasks.advance(Duration.ofSeconds(5));
        }
        written(first);
        broker.dropStream("MACHINE_ROOM_SUBMISSION");
        lostConnection(first);
        writtenAgain(start());
        assertEquals(30, ids("MACHINE_ROOM_EVENTS").size());
        assertEquals(30, ids("MACHINE_ROOM_SUBMISSION").size());
    }

    /** What the broker refuses is in no number of its streams: it must not count as one of the messages that are there. */
    @Test
    void writesAgainWhatTheBrokerForgotBesideWhatItRefused() {
        List<String> all = new ArrayList<>();
        VendorStreams first = start();
        byte[] huge = new byte[1_000];
        broker.refusing(m -> m.size() == huge.length);
        for (int i = 1; i <= 300; i++) {
            boolean refused = i % 4 == 0;
            store("n1", i, message("choria.machine.x", "e" + i, refused ? huge : new byte[] {'{', '}'}));
            if (!refused) {
                all.add("e" + i);
            }
            tasks.advance(Duration.ofSeconds(1));
        }
        written(first);
        broker.forget(Duration.ofSeconds(125));
        assertTrue(ids("MACHINE_ROOM_EVENTS").size() < all.size() - 30, "it forgot");
        lostConnection(first);
        writtenAgain(start());
        assertEquals(all, ids("MACHINE_ROOM_EVENTS"));
    }

    /** The broker keeps one of two messages with one id: the second must not count as one of those that are there. */
    @Test
    void writesAgainWhatTheBrokerForgotBesideSubmissionsThatCameTwice() {
        List<String> all = new ArrayList<>();
        VendorStreams first = start();
        long number = 0;
        for (int i = 1; i <= 300; i++) {
            Message message = message("choria.submission.in.x", "s" + i, new byte[] {'{', '}'});
            store("n1", ++number, message);
            if (i % 3 == 0) {
                store("n1", ++number, message);
            }
            all.add("s" + i);
            tasks.advance(Duration.ofSeconds(1));
        }
        written(first);
        broker.forget(Duration.ofSeconds(125));
        assertTrue(ids("MACHINE_ROOM_SUBMISSION").size() < all.size() - 100, "it forgot");
        lostConnection(first);
        writtenAgain(start());
        assertEquals(all, ids("MACHINE_ROOM_SUBMISSION"));
    }

    /** Whatever the time between: a repeat is none because of a restart, and none when the broker knows its id no more. */
    @Test
    void aSubmissionThatComesAgainAfterARestartIsWrittenOnce() {
        Message message = message("choria.submission.in.x", "same", new byte[] {1, 2, 3});
        VendorStreams first = start();
        store("n1", 1, message);
        written(first);
        lostConnection(first);
        tasks.advance(Duration.ofMinutes(5));
        store("n1", 2, message);
        store("n1", 3, message("choria.submission.in.x", "other", new byte[] {1}));
        writtenAgain(start());
        assertEquals(List.of("same", "other"), ids("MACHINE_ROOM_SUBMISSION"));
    }

    /** Its place was saved before the refusal, the broker has a message from behind it: that is not the refused one. */
    @Test
    void writesNothingTwiceWhenItDiesBetweenARefusalAndItsPlace() {
        byte[] huge = new byte[1_000];
        broker.refusing(m -> {
            if (m.id().endsWith(".dies")) {
                throw new PortException.Unavailable("sink.lost", "the broker died");
            }
            return m.size() == huge.length;
        });
        store(1, "before");
        store("n1", 2, message("choria.machine.transition", "huge", huge));
        store(3, "behind");
        store(4, "dies");
        VendorStreams first = start();
        tasks.advance(Duration.ofSeconds(30));
        assertEquals(0, first.position());
        assertEquals(List.of("before", "behind"), ids("MACHINE_ROOM_EVENTS"));
        tasks.advance(Duration.ofMinutes(5));
        broker.refusing(m -> m.size() == huge.length);
        writtenAgain(start());
        assertEquals(List.of("before", "behind", "dies"), ids("MACHINE_ROOM_EVENTS"));
    }
}
