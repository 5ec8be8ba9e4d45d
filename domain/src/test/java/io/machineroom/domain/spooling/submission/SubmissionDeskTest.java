package io.machineroom.domain.spooling.submission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.spool.SpoolBounds;
import io.machineroom.ports.stream.Lane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages over the control socket: durable when they are answered, the same one once, another one of a taken id refused. */
final class SubmissionDeskTest extends SubmissionsWorld {
    private Submissions running() {
        shared.open();
        Submissions both = submissions();
        tasks.fork("submissions", both::run);
        return both;
    }

    private Value.Obj hand(Submissions to, Value.Obj file) {
        List<Value.Obj> answers = new ArrayList<>();
        tasks.run(() -> to.desk().handle(Value.obj("message", file), answers::add));
        return answers.getFirst();
    }

    private String refusal(Submissions to, Value.Obj file) {
        return assertThrows(PortException.Refused.class, () -> hand(to, file)).code();
    }

    private static Value.Obj other(Value.Obj file) {
        byte[] payload = "somebody else".getBytes(StandardCharsets.UTF_8);
        return file.with("payload", Value.text(Base64.getEncoder().encodeToString(payload)));
    }

    @Test
    void answersWhenTheSpoolHasIt() {
        Submissions both = running();
        Value.Obj file = file("a", 4).without("identity");
        Value.Obj answer = hand(both, file);
        assertEquals(file.text("id"), answer.text("id"));
        assertEquals("bulk", answer.text("lane").orElseThrow());
        assertEquals(1, answer.whole("number").orElseThrow());
        assertEquals("n1", spooled().getFirst().message().headers().get("Choria-Identity"));
        assertEquals(1, meter.counter("mr_submissions_total{way=\"command\"}"));
        assertEquals(1, both.state().taken());
    }

    /** Nobody has to wait for the next look at the directory. */
    @Test
    void answersAtOnce() {
        Submissions both = running();
        tasks.advance(Duration.ofSeconds(5));
        long before = tasks.time().ticks();
        for (int i = 0; i < 20; i++) {
            hand(both, file("m" + i, 1));
        }
        assertTrue(tasks.time().ticks() - before < Duration.ofSeconds(1).toNanos());
    }

    @Test
    void refusesWhatIsNoMessageAndWhatHasNoRoom() {
        Submissions both = running();
        assertEquals(
                "subject is required",
                assertThrows(PortException.Refused.class, () -> hand(both, file("", 4)))
                        .getMessage());
        shared.close();
        assertEquals("spool.closed", refusal(both, file("a", 4)));
    }

    @Test
    void theSameMessageIsAnsweredTheSame() {
        Submissions both = running();
        Value.Obj file = file("a", 4).with("ttl", Value.num(60));
        Value.Obj first = hand(both, file);
        hand(both, file("b", 4));
        assertEquals(first, hand(both, file));
        tasks.advance(Duration.ofMinutes(5));
        assertEquals(first, hand(both, file), "expired since, and yet spooled");
        assertEquals(List.of("a", "b"), subjects(Lane.BULK));
        assertEquals(2, both.state().taken());
    }

    @Test
    void anotherMessageOfATakenIdIsRefused() {
        Submissions both = running();
        Value.Obj file = file("a", 4);
        hand(both, file);
        assertEquals("submission.id-taken", refusal(both, other(file)));
        assertEquals("submission.id-taken", refusal(both, file.with("subject", Value.text("elsewhere"))));
        assertEquals("submission.id-taken", refusal(both, file.with("sender", Value.text("root"))));
        assertEquals(List.of("a"), subjects(Lane.BULK));
    }

    @Test
    void whatTheDirectoryGaveCountsToo() {
        Value.Obj file = file("a", 4);
        put(file);
        Submissions both = running();
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(1, hand(both, file).whole("number").orElseThrow());
        assertEquals("submission.id-taken", refusal(both, other(file)));
        assertEquals(List.of("a"), subjects(Lane.BULK));
    }

    /** A command that got no answer leaves its message in the directory as well. */
    @Test
    void whatTheDeskTookIsNotTakenAgainFromTheDirectory() {
        Submissions both = running();
        Value.Obj file = file("a", 4);
        hand(both, file);
        put(file);
        assertTrue(tasks.runUntil(this::empty, SOON));
        assertEquals(List.of("a"), subjects(Lane.BULK));
        assertEquals(List.of(), files.list("rejected"));
    }

    @Test
    void whatAnEarlierProcessTookIsKnown() {
        shared.open();
        Submissions first = submissions();
        Tasks.Task life = tasks.fork("submissions", first::run);
        Value.Obj file = file("a", 4);
        Value.Obj answer = hand(first, file);
        life.cancel();
        tasks.advance(Duration.ofSeconds(1));
        Submissions second = running();
        assertEquals(answer, hand(second, file));
        assertEquals("submission.id-taken", refusal(second, other(file)));
        assertEquals(List.of("a"), subjects(Lane.BULK));
    }

    /** All at once, over many connections: one message of an id is taken, whichever comes first. */
    @Test
    void manyAtOnce() {
        Submissions both = running();
        Value.Obj file = file("a", 2);
        List<String> ends = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Value.Obj mine = i % 3 == 0 ? file : i % 3 == 1 ? other(file) : file("m" + i, i % 5);
            tasks.fork("caller-" + i, () -> {
                try {
                    both.desk().handle(Value.obj("message", mine), answer -> ends.add("taken"));
                } catch (PortException.Refused e) {
                    ends.add(e.code());
                }
            });
        }
        assertTrue(tasks.runUntil(() -> ends.size() == 30, SOON));
        assertEquals(10, ends.stream().filter("submission.id-taken"::equals).count());
        assertEquals(11, spooled().size());
    }

    @Test
    void aDirectoryThatCannotBeUsedHoldsNobodyUp() {
        files.replace("P1", new SimJson().write(Value.obj()), 0600);
        Submissions both = running();
        tasks.advance(Duration.ofSeconds(3));
        assertEquals(1, hand(both, file("a", 4)).whole("number").orElseThrow());
    }

    @Test
    void whatHasNoRoomIsToldToWhoeverAsks() {
        bounds = SpoolBounds.of(1 << 20, 100);
        Submissions both = running();
        for (int i = 0; i < 100; i++) {
            hand(both, file("m" + i, 1));
        }
        assertEquals("spool.full", refusal(both, file("late", 1)));
        assertEquals(100, both.state().taken());
    }
}
