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
 * @param keeps whether nobody may delete single messages; cannot be taken back
 */
public record StreamSpec(
        String name,
        List<Subject> subjects,
        Retention retention,
        long maxBytes,
        Duration maxAge,
        long maxMessagesPerSubject,
        Discard discard,
        boolean keeps) {
    /** One whose messages may be deleted. */
    public StreamSpec(
            String name,
            List<Subject> subjects,
            Retention retention,
            long maxBytes,
            Duration maxAge,
            long maxMessagesPerSubject,
            Discard discard) {
        this(name, subjects, retention, maxBytes, maxAge, maxMessagesPerSubject, discard, false);
    }

    public StreamSpec {
        subjects = List.copyOf(subjects);
    }

    /** How messages leave a stream. */
    public enum Retention {
        LIMITS,
        WORK_QUEUE
    }

    /** What a full stream does with a new message. */
    public enum Discard {
        /** Drops the oldest to make room. */
        OLD,
        /** Refuses the new one. */
        NEW
    }
}
