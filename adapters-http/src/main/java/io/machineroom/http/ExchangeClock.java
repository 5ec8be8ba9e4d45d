package io.machineroom.http;

import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long one exchange may still take. Its own task moves it on, the watch looks at it; the lock keeps an
 * interrupt from reaching the next phase.
 */
final class ExchangeClock {
    private final TimeSource time;
    private final long limitNanos;
    private long started;
    private Phase phase = Phase.READING;
    private boolean ended;
    private Tasks.@Nullable Task task;
    private @Nullable Runnable lastWord;

    ExchangeClock(TimeSource time, Duration limit) {
        this.time = time;
        this.limitNanos = limit.toNanos();
        this.started = time.ticks();
    }

    synchronized void runsIn(Tasks.Task own) {
        task = own;
        if (ended) {
            own.cancel();
        }
    }

    /** What to say to the other side when its request does not arrive in time. */
    synchronized void onLate(Runnable word) {
        lastWord = word;
    }

    /**
     * Begins the next phase, or counts the time of a piece of the answer anew.
     *
     * @throws IOException when the exchange was ended meanwhile
     */
    synchronized void enter(Phase next) throws IOException {
        if (ended) {
            throw new IOException("the exchange took too long");
        }
        phase = next;
        started = time.ticks();
        lastWord = null;
    }

    /**
     * Ends the exchange when it is over its time; whoever gets true gives the last word, then calls {@link #cut}.
     * A handler is never cut off: it works on the backplane's own state.
     */
    synchronized boolean late() {
        if (ended || phase == Phase.HANDLING || time.ticks() - started < limitNanos) {
            return false;
        }
        ended = true;
        return true;
    }

    /** Says the last word; may block until {@link #cut}. */
    void sayLastWord() {
        Runnable word;
        synchronized (this) {
            word = lastWord;
        }
        if (word != null) {
            word.run();
        }
    }

    /** Interrupts the task, which closes its connection. */
    synchronized void cut() {
        ended = true;
        if (task != null) {
            task.cancel();
        }
    }

    /** Where an exchange is. */
    enum Phase {
        READING,
        HANDLING,
        WRITING
    }
}
