package io.machineroom.app.cli;

import io.machineroom.domain.orchestration.GovernorDesk;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Requests that hold something of the world as long as they last: slots of governors and keys of elections. An agent that
 * stops ends them while it still has a link, so that neither is left to its age. Safe from any thread.
 */
final class HeldRequests {
    /**
     * The field of the last answer, after which whoever asked is to stop what it does and to hang up: within {@link GovernorDesk#GRACE},
     * since soon after that what it holds is given back.
     */
    static final String ENDING = "ending";

    private static final System.Logger LOG = System.getLogger(HeldRequests.class.getName());

    private final Map<Thread, Consumer<Value.Obj>> held = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** Has a request answered; refused by an ending answer once {@link #end} was called. */
    void serve(ControlSocket.Handler handler, Value.Obj request, Consumer<Value.Obj> answers)
            throws InterruptedException {
        Thread self = Thread.currentThread();
        held.put(self, answers);
        try {
            if (ended) {
                answers.accept(ending(Duration.ZERO));
            } else {
                handler.handle(request, answers);
            }
        } finally {
            held.remove(self);
        }
    }

    /**
     * Tells everybody, waits until they have hung up, and interrupts who has not.
     *
     * @param patience for each of the two steps
     */
    void end(Duration patience) throws InterruptedException {
        ended = true;
        Value.Obj last = ending(patience.multipliedBy(2).dividedBy(3));
        held.values().forEach(answers -> tell(answers, last));
        await(patience);
        held.keySet().forEach(Thread::interrupt);
        await(patience);
    }

    private static Value.Obj ending(Duration grace) {
        return Value.obj(ENDING, Value.bool(true), GovernorDesk.GRACE, Value.num(grace.toMillis()));
    }

    private static void tell(Consumer<Value.Obj> answers, Value.Obj last) {
        try {
            answers.accept(last);
        } catch (UncheckedIOException gone) {
            LOG.log(System.Logger.Level.DEBUG, "it has hung up already", gone);
        }
    }

    private void await(Duration patience) throws InterruptedException {
        long until = System.nanoTime() + patience.toNanos();
        for (Thread thread : held.keySet()) {
            long left = until - System.nanoTime();
            if (left > 0) {
                thread.join(Duration.ofNanos(left));
            }
        }
    }
}
