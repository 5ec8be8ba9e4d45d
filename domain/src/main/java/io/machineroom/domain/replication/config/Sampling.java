package io.machineroom.domain.replication.config;

import java.time.Duration;
import java.util.Optional;

/**
 * When only some of the messages are copied.
 *
 * @param by what tells one sender from another; empty: nothing is sampled
 * @param interval at least so often something of each sender is copied; zero: nothing is sampled
 * @param warn silence after which a {@code timeout} advisory goes out
 * @param sizeTrigger change of the size, in bytes, that is copied at once; 0: off
 */
public record Sampling(Optional<Key> by, Duration interval, Duration warn, long sizeTrigger) {
    /** Whether anything is sampled at all. */
    public boolean isActive() {
        return by.isPresent() && !interval.isZero();
    }

    /** What tells senders apart. */
    public sealed interface Key {
        /** What an advisory calls it. */
        String name();

        /**
         * A field of a JSON body.
         *
         * @param path to the field
         * @param force path of a field whose presence forces a copy; empty: none
         */
        record Field(String path, String force) implements Key {
            @Override
            public String name() {
                return path;
            }
        }

        /** A header, its first value. */
        record Header(String name) implements Key {}

        /**
         * A token of the subject.
         *
         * @param position from 1; -1: the whole subject
         */
        record Token(long position) implements Key {
            @Override
            public String name() {
                return Long.toString(position);
            }
        }
    }
}
