package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link ControlSocket} promises. */
public abstract class ControlSocketContract {
    private static final Duration LONG = Duration.ofSeconds(60);

    protected abstract ControlSocket control();

    protected abstract Tasks tasks();

    /** Runs a test body where waiting is allowed. */
    protected abstract void within(Tasks.Body body) throws InterruptedException;

    /** Where the socket lies; the directory exists. */
    protected abstract Path socket();

    /** A served socket that a test closes. */
    private interface Served extends AutoCloseable {
        @Override
        void close();
    }

    private Served serve(ControlSocket.Handler handler) {
        AutoCloseable served = control().serve(socket(), handler);
        return () -> {
            try {
                served.close();
            } catch (Exception e) {
                throw new IllegalStateException("could not close the socket", e);
            }
        };
    }

    private static Value.Obj n(long number) {
        return Value.obj("n", Value.num(number));
    }

    private List<Value.Obj> call(Value.Obj request) throws InterruptedException {
        List<Value.Obj> answers = new ArrayList<>();
        control().call(socket(), request, answers::add);
        return answers;
    }

    @Test
    void handsOverEveryAnswerInOrder() throws InterruptedException {
        within(() -> {
            try (Served served = serve((request, answers) -> {
                long count = request.whole("n").orElseThrow();
                for (long i = 0; i < count; i++) {
                    answers.accept(n(i));
                }
            })) {
                assertEquals(List.of(n(0), n(1), n(2)), call(n(3)));
                assertEquals(List.of(), call(n(0)));
                assertTrue(socket().isAbsolute() && served != null);
            }
        });
    }

    @Test
    void carriesLargeAnswers() throws InterruptedException {
        within(() -> {
            Value.Obj large = Value.obj("text", Value.text("line\n\u00e9\"".repeat(200_000)));
            try (Served served = serve((request, answers) -> answers.accept(large))) {
                assertEquals(List.of(large), call(n(1)));
                assertTrue(served != null);
            }
        });
    }

    @Test
    void passesTheCodeOfAFailure() throws InterruptedException {
        within(() -> {
            try (Served served = serve((request, answers) -> {
                answers.accept(n(1));
                throw new PortException.Refused("machine.unknown", "there is no such machine");
            })) {
                List<Value.Obj> answers = new ArrayList<>();
                PortException.Refused e = assertThrows(
                        PortException.Refused.class, () -> control().call(socket(), n(1), answers::add));
                assertEquals("machine.unknown", e.code());
                assertTrue(e.getMessage().contains("there is no such machine"));
                assertEquals(List.of(n(1)), answers);
                assertTrue(served != null);
            }
        });
    }

    @Test
    void aMistakeInTheHandlerIsAFailureToo() throws InterruptedException {
        within(() -> {
            try (Served served = serve((request, answers) -> {
                throw new IllegalStateException("a mistake");
            })) {
                PortException.Refused e = assertThrows(PortException.Refused.class, () -> call(n(1)));
                assertEquals("control.failed", e.code());
                assertTrue(served != null);
            }
        });
    }

    @Test
    void servesManyAtOnce() throws InterruptedException {
        within(() -> {
            Mailbox<Integer> both = tasks().mailbox(2);
            Mailbox<Integer> go = tasks().mailbox(2);
            try (Served served = serve((request, answers) -> {
                both.offer(1);
                go.take();
                answers.accept(n(7));
            })) {
                List<Tasks.Task> calls = List.of(
                        tasks().fork("one", () -> assertEquals(List.of(n(7)), call(n(1)))),
                        tasks().fork("two", () -> assertEquals(List.of(n(7)), call(n(1)))));
                both.take();
                both.take();
                go.offer(1);
                go.offer(1);
                for (Tasks.Task call : calls) {
                    assertTrue(call.join(LONG));
                    assertFalse(call.failure().isPresent());
                }
                assertTrue(served != null);
            }
        });
    }

    @Test
    void refusesASecondServer() throws InterruptedException {
        within(() -> {
            try (Served served = serve((request, answers) -> answers.accept(n(1)))) {
                PortException.Refused e = assertThrows(
                        PortException.Refused.class, () -> control().serve(socket(), (request, answers) -> {}));
                assertEquals("control.in-use", e.code());
                assertEquals(List.of(n(1)), call(n(1)));
                assertTrue(served != null);
            }
        });
    }

    @Test
    void nobodyServesBeforeAndAfter() throws InterruptedException {
        within(() -> {
            PortException.Unavailable e = assertThrows(PortException.Unavailable.class, () -> call(n(1)));
            assertEquals("control.absent", e.code());
            serve((request, answers) -> {}).close();
            assertThrows(PortException.Unavailable.class, () -> call(n(1)));
            serve((request, answers) -> {}).close();
        });
    }

    @Test
    void refusesLongPaths() {
        PortException.Refused e = assertThrows(
                PortException.Refused.class,
                () -> control().serve(Path.of("/tmp/" + "x".repeat(120)), (request, answers) -> {}));
        assertEquals("control.path", e.code());
    }

    @Test
    void aCancelledCallEnds() throws InterruptedException {
        within(() -> {
            Mailbox<Integer> asked = tasks().mailbox(1);
            Mailbox<Integer> left = tasks().mailbox(1);
            try (Served served = serve((request, answers) -> {
                asked.offer(1);
                try {
                    tasks().sleep(LONG.multipliedBy(10));
                } catch (InterruptedException e) {
                    left.offer(1);
                    throw e;
                }
            })) {
                Tasks.Task call = tasks().fork("call", () -> call(n(1)));
                asked.take();
                call.cancel();
                assertTrue(call.join(LONG));
                assertFalse(call.failure().isPresent());
                assertTrue(left.poll(LONG).isPresent(), "the handler goes on although nobody listens");
                assertTrue(served != null);
            }
        });
    }
}
