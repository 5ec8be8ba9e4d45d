package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@link Intake} promises. */
public abstract class IntakeContract {
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    /** A reader of the one work queue; each call a new one over a fresh link. */
    protected abstract Intake intake() throws InterruptedException;

    /** Puts messages into the stream, in order. */
    protected abstract void publish(List<Message> messages) throws InterruptedException;

    /** Messages the stream still holds. */
    protected abstract long held() throws InterruptedException;

    /** Runs a test body where waiting is allowed. */
    protected void within(Tasks.Body body) throws InterruptedException {
        body.run();
    }

    private static List<Message> messages(int count) {
        List<Message> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(new Message(
                    Subject.of("mr.UNODE.choria.machine.transition"),
                    "id-" + i,
                    Map.of("Content-Type", "text/plain", "Mr-Number", Integer.toString(i + 1)),
                    ByteBuffer.wrap(("body " + i).getBytes(StandardCharsets.UTF_8)),
                    Instant.EPOCH));
        }
        return out;
    }

    private static List<String> ids(List<Intake.Arrival> arrivals) {
        return arrivals.stream().map(a -> a.message().id()).toList();
    }

    private static List<Intake.Arrival> read(Intake intake, int count) throws InterruptedException {
        List<Intake.Arrival> out = new ArrayList<>();
        while (out.size() < count) {
            List<Intake.Arrival> some = intake.read(count - out.size(), LONG);
            if (some.isEmpty()) {
                throw new AssertionError("only " + out.size() + " of " + count + " came");
            }
            out.addAll(some);
        }
        return out;
    }

    @Test
    void readsNothingFromAnEmptyStream() throws InterruptedException {
        within(() -> {
            try (Intake intake = intake()) {
                assertEquals(List.of(), intake.read(10, SHORT));
            }
        });
    }

    @Test
    void readsWhatWasPublishedInOrder() throws InterruptedException {
        within(() -> {
            publish(messages(30));
            try (Intake intake = intake()) {
                List<Intake.Arrival> arrivals = read(intake, 30);
                assertEquals(messages(30).stream().map(Message::id).toList(), ids(arrivals));
                Message first = arrivals.getFirst().message();
                assertEquals(
                        "mr.UNODE.choria.machine.transition", first.subject().text());
                assertEquals("text/plain", first.contentType());
                assertEquals("1", first.headers().get("Mr-Number"));
                assertArrayEquals("body 0".getBytes(StandardCharsets.UTF_8), first.bytes());
                for (int i = 1; i < 30; i++) {
                    assertTrue(arrivals.get(i).sequence() > arrivals.get(i - 1).sequence());
                }
            }
        });
    }

    @Test
    void readsNoMoreThanAsked() throws InterruptedException {
        within(() -> {
            publish(messages(10));
            try (Intake intake = intake()) {
                assertTrue(intake.read(4, LONG).size() <= 4);
            }
        });
    }

    @Test
    void doesNotBringBackWhatIsSettled() throws InterruptedException {
        within(() -> {
            publish(messages(10));
            try (Intake intake = intake()) {
                intake.settle(read(intake, 10));
                assertEquals(List.of(), intake.read(10, SHORT));
            }
            try (Intake again = intake()) {
                assertEquals(List.of(), again.read(10, SHORT));
                assertEquals(0, held());
            }
        });
    }

    @Test
    void bringsBackWhatIsReleased() throws InterruptedException {
        within(() -> {
            publish(messages(5));
            try (Intake intake = intake()) {
                List<Intake.Arrival> first = read(intake, 5);
                intake.settle(first.subList(0, 2));
                intake.release(first.subList(2, 5));
                Set<String> back = new HashSet<>(ids(read(intake, 3)));
                assertEquals(new HashSet<>(ids(first.subList(2, 5))), back);
                assertEquals(3, held());
            }
        });
    }

    @Test
    void bringsBackWhatAReaderTookAlong() throws InterruptedException {
        within(() -> {
            publish(messages(3));
            List<String> lost;
            try (Intake gone = intake()) {
                lost = ids(read(gone, 3));
            }
            try (Intake next = intake()) {
                assertEquals(new HashSet<>(lost), new HashSet<>(ids(read(next, 3))));
            }
        });
    }

    @Test
    void settlesAnEmptyList() throws InterruptedException {
        within(() -> {
            try (Intake intake = intake()) {
                intake.settle(List.of());
                intake.release(List.of());
            }
        });
    }
}
