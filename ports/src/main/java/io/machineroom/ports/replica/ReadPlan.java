package io.machineroom.ports.replica;

import java.time.Instant;

/**
 * How to read a stream.
 *
 * @param stream its name
 * @param consumer name of the consumer at the server
 * @param description of the consumer, for people
 * @param filter subjects to read; empty for all
 * @param start where a consumer that has to be made begins; one that exists keeps its place: it goes on behind the last
 *     message up to which all is settled, so that the order stays although something was handed out before
 * @param done number up to which all is dealt with, as far as the reader knows; 0: it does not
 * @param ephemeral whether the server forgets the consumer after 50 s without a reader; it is made anew, at the start
 */
public record ReadPlan(
        String stream,
        String consumer,
        String description,
        String filter,
        StartAt start,
        long done,
        boolean ephemeral) {
    /** Where to begin. */
    public sealed interface StartAt {
        /** With the oldest message. */
        record All() implements StartAt {}

        /** With what comes from now on. */
        record New() implements StartAt {}

        /**
         * With a number.
         *
         * @param number of the first message wanted, from 1
         */
        record Number(long number) implements StartAt {}

        /**
         * With a time.
         *
         * @param time from which on messages are wanted, by the server's clock
         */
        record Time(Instant time) implements StartAt {}
    }
}
