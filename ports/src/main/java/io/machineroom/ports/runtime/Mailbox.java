package io.machineroom.ports.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A bounded queue between tasks. Many may offer; one task takes. */
public interface Mailbox<T> {
    /** Adds at the end; false, and nothing added, when full. Never blocks. */
    boolean offer(T item);

    /** Takes the oldest, waiting for one. */
    T take() throws InterruptedException;

    /** Takes the oldest, waiting up to that time; zero looks only. */
    Optional<T> poll(Duration wait) throws InterruptedException;

    /** Takes up to that many without waiting, oldest first. */
    List<T> drain(int max);

    int size();
}
