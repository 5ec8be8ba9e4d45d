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
 * @param replicas how many servers of a cluster hold it; 0: as it is, one for a new one
 */
public record StreamSpec(
        String name,
        List<Subject> subjects,
        Retention retention,
        long maxBytes,
        Duration maxAge,
        long maxMessagesPerSubject,
        Discard discard,
        int replicas) {
    public StreamSpec {
        subjects = List.copyOf(subjects);
    }

    /** One that says nothing about replicas. */
    public StreamSpec(
            String name,
            List<Subject> subjects,
            Retention retention,
            long maxBytes,
            Duration maxAge,
            long maxMessagesPerSubject,
            Discard discard) {
        this(name, subjects, retention, maxBytes, maxAge, maxMessagesPerSubject, discard, 0);
    }

    /** The same with that many replicas. */
    public StreamSpec withReplicas(int other) {
        return new StreamSpec(name, subjects, retention, maxBytes, maxAge, maxMessagesPerSubject, discard, other);
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
