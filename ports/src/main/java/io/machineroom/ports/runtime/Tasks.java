package io.machineroom.ports.runtime;

import io.machineroom.ports.Port;
import java.time.Duration;

/** Starts tasks and waits. Every wait of the domain goes through here, through a mailbox, or a port. */
@Port
public interface Tasks {
    /** Starts a task. Its name is for people. What the body throws ends the task and is its failure. */
    Task fork(String name, Body body);

    /** Waits. */
    void sleep(Duration duration) throws InterruptedException;

    /** A bounded queue. */
    <T> Mailbox<T> mailbox(int capacity);

    /**
     * A queue bounded in number and in weight: an offer that would exceed either is refused.
     *
     * @param maxWeight most weight of all waiting items together
     * @param weight weight of an item, constant and at least 0
     */
    <T> Mailbox<T> mailbox(int capacity, long maxWeight, java.util.function.ToLongFunction<? super T> weight);

    /** What a task does; leaves by returning when it is cancelled. */
    interface Body {
        void run() throws InterruptedException;
    }

    /** A started task. */
    interface Task {
        String name();

        /** Interrupts the waits of the task. Returns at once; cancelling twice is fine. */
        void cancel();

        /** Waits for its end; false when it still runs after that time. */
        boolean join(Duration time) throws InterruptedException;

        boolean done();

        /** What ended it, if not a normal return or its cancellation. */
        java.util.Optional<Throwable> failure();
    }
}
