package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What {@link Link} promises. A way says what it {@link #can}; the rest it must refuse by name. */
public abstract class LinkContract extends LinkStage {
    @Test
    void asksAndGetsTheAnswer() throws InterruptedException {
        within(() -> {
            answer("time", bytes("{\"time\":1}"));
            try (Link link = link()) {
                assertArrayEquals(bytes("{\"time\":1}"), link.request("time", bytes("{}"), LONG));
            }
        });
    }

    @Test
    void passesOnARefusalByItsCode() throws InterruptedException {
        within(() -> {
            String name = refusedRequest();
            Assumptions.assumeTrue(name != null, "this way has no answers that refuse");
            try (Link link = link()) {
                PortException.Refused refused =
                        assertThrows(PortException.Refused.class, () -> link.request(name, bytes("{}"), LONG));
                assertTrue(refused.code().contains("."), refused.code());
            }
        });
    }

    @Test
    void isUnavailableWhenNobodyAnswers() throws InterruptedException {
        within(() -> {
            try (Link link = link()) {
                assertThrows(PortException.class, () -> link.request("nobody", bytes("{}"), Duration.ofSeconds(2)));
            }
        });
    }

    @Test
    void takesReceipts() throws InterruptedException {
        within(() -> {
            Mailbox<SignedMark> box = tasks().mailbox(10);
            try (Link link = receiver()) {
                link.receipts(box);
                SignedMark mark = new SignedMark("mr-receipt-2 U e normal 7 store 1", "ab".repeat(64));
                sendReceipt(mark);
                assertEquals(mark, box.poll(LONG).orElseThrow());
            }
        });
    }

    @Test
    void keepsTheNewerReceipts() throws InterruptedException {
        within(() -> {
            Mailbox<SignedMark> box = tasks().mailbox(1);
            try (Link link = receiver()) {
                link.receipts(box);
                for (int i = 1; i <= 3; i++) {
                    sendReceipt(new SignedMark("mr-receipt-2 U e normal " + i + " store 1", "ab".repeat(64)));
                }
                SignedMark last = box.poll(LONG).orElseThrow();
                while (!last.text().contains(" 3 ")) {
                    last = box.poll(LONG).orElseThrow(() -> new AssertionError("the newest receipt was dropped"));
                }
            }
        });
    }

    @Test
    void refusesWhatItCannotDo() throws InterruptedException {
        within(() -> {
            try (Link link = link()) {
                List<Tasks.Body> calls = new ArrayList<>();
                if (!can().contains(Ability.MESSAGES)) {
                    calls.add(() -> link.publish(message("a.b", "1")));
                    calls.add(() -> link.subscribe(Subject.of("a.b"), tasks().mailbox(1)));
                }
                if (!can().contains(Ability.STREAMS)) {
                    calls.add(() -> link.store(List.of(message("a.b", "1"))));
                    calls.add(() -> link.ensureStream(spec("A", "a.>")));
                    calls.add(() -> link.ensureBucket("A"));
                    calls.add(() -> link.intake("A", "a"));
                }
                for (Tasks.Body call : calls) {
                    assertEquals(
                            "link.unsupported",
                            assertThrows(PortException.Refused.class, call::run).code());
                }
            }
        });
    }

    @Test
    void deliversWhatIsPublished() throws InterruptedException {
        needs(Ability.MESSAGES);
        within(() -> {
            Mailbox<Message> box = tasks().mailbox(10);
            try (Link to = link();
                    Link from = link();
                    Link.Subscription _ = to.subscribe(Subject.of("chatter.*"), box)) {
                from.publish(message("chatter.one", "1"));
                Message got = box.poll(LONG).orElseThrow();
                assertEquals("chatter.one", got.subject().text());
                assertEquals("text/plain", got.contentType());
                assertEquals("n1", got.headers().get("Mr-Identity"));
                assertArrayEquals(bytes("body of 1"), got.bytes());
            }
        });
    }

    @Test
    void hearsNothingAfterTheSubscriptionEnded() throws InterruptedException {
        needs(Ability.MESSAGES);
        within(() -> {
            Mailbox<Message> ended = tasks().mailbox(10);
            Mailbox<Message> box = tasks().mailbox(10);
            try (Link link = link()) {
                Link.Subscription ear = link.subscribe(Subject.of("chatter.>"), ended);
                ear.close();
                ear.close();
                link.subscribe(Subject.of("chatter.>"), box);
                link.publish(message("chatter.one", "1"));
                assertTrue(box.poll(LONG).isPresent());
                assertEquals(0, ended.size());
            }
        });
    }

    @Test
    void storesInOrderAndOnce() throws InterruptedException {
        needs(Ability.STREAMS);
        within(() -> {
            try (Link link = link()) {
                link.ensureStream(spec("EVENTS", "events.>"));
                List<Message> messages = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    messages.add(message("events.x", "id-" + i));
                }
                link.store(messages);
                link.store(messages);
                assertEquals(
                        messages.stream().map(Message::id).toList(),
                        stored("EVENTS").stream().map(Message::id).toList());
            }
        });
    }

    @Test
    void tellsTheNumberOfTheNewestMessageOfAStream() throws InterruptedException {
        needs(Ability.STREAMS);
        within(() -> {
            try (Link link = link()) {
                assertEquals(0, link.ensureStream(spec("EVENTS", "events.>")));
                link.store(List.of(message("events.x", "1"), message("events.x", "2"), message("events.y", "3")));
                link.store(List.of(message("events.x", "2")));
                assertEquals(3, link.ensureStream(spec("EVENTS", "events.>")));
            }
        });
    }

    @Test
    void storesNowhereWithoutAStream() throws InterruptedException {
        needs(Ability.STREAMS);
        within(() -> {
            try (Link link = link()) {
                PortException.Unavailable error = assertThrows(
                        PortException.Unavailable.class, () -> link.store(List.of(message("nowhere.x", "1"))));
                assertEquals("sink.no-stream", error.code());
            }
        });
    }

    @Test
    void bringsAStreamToItsSpecification() throws InterruptedException {
        needs(Ability.STREAMS);
        within(() -> {
            try (Link link = link()) {
                link.ensureStream(spec("EVENTS", "events.>"));
                link.ensureStream(spec("EVENTS", "events.>"));
                link.store(List.of(message("events.x", "1")));
                link.ensureStream(spec("EVENTS", "moved.>"));
                link.store(List.of(message("moved.x", "2")));
                assertEquals(2, stored("EVENTS").size());
            }
        });
    }

    @Test
    void refusesAStreamThatCannotBecomeWhatIsAsked() throws InterruptedException {
        needs(Ability.STREAMS);
        within(() -> {
            try (Link link = link()) {
                link.ensureStream(spec("EVENTS", "events.>"));
                StreamSpec queue = new StreamSpec(
                        "EVENTS",
                        List.of(Subject.of("events.>")),
                        StreamSpec.Retention.WORK_QUEUE,
                        1_000_000,
                        Duration.ZERO,
                        0,
                        StreamSpec.Discard.NEW);
                PortException.Refused refused =
                        assertThrows(PortException.Refused.class, () -> link.ensureStream(queue));
                assertEquals("stream.config", refused.code());
            }
        });
    }

    @Test
    void makesABucketOnce() throws InterruptedException {
        needs(Ability.STREAMS);
        within(() -> {
            try (Link link = link()) {
                link.ensureBucket("FRESH");
                long revision = link.bucket("FRESH").put("k", bytes("v"));
                link.ensureBucket("FRESH");
                assertEquals(
                        revision, link.bucket("FRESH").get("k").orElseThrow().revision());
            }
        });
    }

    @Test
    void isNoLongerConnectedWhenTheOtherSideIsGone() throws InterruptedException {
        within(() -> {
            try (Link link = link()) {
                cut();
                assertThrows(PortException.class, () -> link.request("time", bytes("{}"), Duration.ofSeconds(5)));
                assertNotEquals(Link.State.CONNECTED, link.state());
            }
        });
    }

    @Test
    void w37CopiesOfOneServerAreCurrent() throws InterruptedException {
        within(() -> {
            try (Link link = link()) {
                if (can().contains(Ability.STREAMS)) {
                    link.ensureBucket("COPIED");
                    assertTrue(link.copiesCurrent());
                } else {
                    assertEquals(
                            "link.unsupported",
                            assertThrows(PortException.Refused.class, link::copiesCurrent)
                                    .code());
                }
            }
        });
    }
}
