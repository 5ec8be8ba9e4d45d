package io.machineroom.ports.stream;

import java.time.Duration;
import java.util.List;

/**
 * A stream that must exist. Zero means no limit.
 *
 * @param name stream name
 * @param subjects what it takes
 * @param retention how messages leave
 * @param maxBytes bound in bytes; 0 none
 * @param maxAge bound in age; zero none
 * @param maxMessagesPerSubject bound per subject; 0 none
 * @param discard what a full stream does
 */
public record StreamSpec(
        String name,
        List<Subject> subjects,
        Retention retention,
        long maxBytes,
        Duration maxAge,
        long maxMessagesPerSubject,
        Discard discard) {
    public StreamSpec {
        subjects = List.copyOf(subjects);
    }

    /** How messages leave a stream. */
    public enum Retention {
        LIMITS,
        WORK_QUEUE,
        /** A work queue that nobody may delete single messages from; cannot be taken back. */
        SEALED_QUEUE
    }

    /** What a full stream does with a new message. */
    public enum Discard {
        /** Drops the oldest to make room. */
        OLD,
        /** Refuses the new one. */
        NEW
    }
}
