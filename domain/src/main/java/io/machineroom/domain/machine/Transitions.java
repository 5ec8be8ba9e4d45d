package io.machineroom.domain.machine;

import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.watcher.Durations;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The transitions that one machine is asked for, in order. One that has to wait for the limiter waits as a deadline.
 * Confined to the machine's task.
 */
final class Transitions {
    private static final System.Logger LOG = System.getLogger(Transitions.class.getName());
    private static final int MAX_WAITING = 128;

    private final StateMachine table;
    private final TransitionLimiter limiter;
    private final TimeSource time;
    private final Mover mover;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private @Nullable Long due;

    Transitions(StateMachine table, TransitionLimiter limiter, TimeSource time, Mover mover) {
        this.table = table;
        this.limiter = limiter;
        this.time = time;
        this.mover = mover;
    }

    /** The machine, as far as transitions are concerned. */
    interface Mover {
        String name();

        String state();

        void move(String event, String to);

        void refused(String event);
    }

    /** A transition that somebody wants, and what to do when it has happened or was dropped. */
    private record Waiting(String transition, Consumer<Told.Settled> settled) {}

    /** Asks for a transition; without a name nothing is asked for. */
    void want(String transition, Consumer<Told.Settled> settled) {
        if (transition.isEmpty()) {
            settled.accept(Told.Settled.NOTHING);
        } else if (waiting.size() >= MAX_WAITING) {
            LOG.log(Level.WARNING, () -> mover.name() + ": dropped '" + transition + "', too many wait");
            settled.accept(Told.Settled.DROPPED);
        } else {
            waiting.addLast(new Waiting(transition, settled));
            drive();
        }
    }

    /** Nanoseconds until the first may happen; the given bound when none waits. */
    long patience(long bound) {
        Long until = due;
        return until == null ? bound : until - time.ticks();
    }

    /** Takes the transitions that may happen now, in order; the first that has to wait sets the deadline. */
    void drive() {
        while (!waiting.isEmpty()) {
            String event = waiting.getFirst().transition();
            Optional<String> destination = table.destination(mover.state(), event);
            Told.Settled what;
            if (destination.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        () -> mover.name() + ": Could not fire '" + event + "' event while in " + mover.state());
                mover.refused(event);
                what = Told.Settled.REFUSED;
            } else if (destination.get().equals(mover.state())) {
                what = Told.Settled.STAYED;
            } else if (early()) {
                return;
            } else {
                mover.move(event, destination.get());
                what = Told.Settled.MOVED;
            }
            waiting.removeFirst().settled().accept(what);
            due = null;
        }
    }

    private boolean early() {
        long now = time.ticks();
        if (due == null) {
            Duration delay = limiter.delay(now);
            due = now + delay.toNanos();
            if (delay.isPositive()) {
                String event = waiting.getFirst().transition();
                LOG.log(
                        Level.INFO,
                        () -> mover.name() + ": Rate limiting fast transition " + event + " after "
                                + (limiter.count() - 1) + " transitions without a quiet period for "
                                + Durations.print(delay));
            }
        }
        return now - due < 0;
    }
}
