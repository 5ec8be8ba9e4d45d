package io.machineroom.ports.runtime;

import java.time.Duration;
import java.time.Instant;

/**
 * A small world whose time is only counted: one task runs at a time, and while all of them wait the clock jumps to the
 * next deadline. For rehearsing machines. Whoever began it is its first task, and the only one that may use it from
 * outside. The same beginning and the same tasks give the same course.
 */
public interface VirtualTime {
    /** Tasks of this world. */
    Tasks tasks();

    /** Its two clocks, which stand while anybody can run. */
    TimeSource time();

    /** Chance, from the seed. Not for keys. */
    Entropy entropy();

    /**
     * Lets the others run for that much of its time.
     *
     * @throws IllegalStateException when they go round without ever waiting
     */
    void advance(Duration duration) throws InterruptedException;

    /** Begins worlds. */
    interface Factory {
        /** A world in which nothing has happened yet, begun by the calling task. */
        VirtualTime begin(Instant wall, long seed);
    }
}
