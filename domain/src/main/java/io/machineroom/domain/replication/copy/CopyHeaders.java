package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.StreamReader.Read;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes of a message of the source what is published at the target: all its headers but those that would act again, the
 * header that says where it came from, and an id by which the target knows it when it is sent twice.
 */
final class CopyHeaders {
    static final String SOURCE = "Choria-SR-Source";
    private static final String ID = "Nats-Msg-Id";
    private static final String ROLL_UP = "nats-rollup";

    private final JobConfig job;
    private final String replicator;
    private final SubjectRewrite rewrite;
    private final String run;

    /**
     * For one run of a job.
     *
     * @param run makes ids of this run its own; empty: the same in all runs
     */
    CopyHeaders(JobConfig job, String replicator, String run) {
        this.job = job;
        this.replicator = replicator;
        this.rewrite = new SubjectRewrite(job.mapping().prefix(), job.mapping().remove());
        this.run = run;
    }

    /**
     * The message for the target.
     *
     * @param created when the source stream was made
     * @param attempt from 0; a target that does not allow roll-ups gets its second one without
     */
    CopyMessage of(Read read, Instant created, int attempt) {
        CopyMessage message = read.message()
                .without(name -> isConditional(name) || attempt > 0 && name.equals(ROLL_UP))
                .at(rewrite.of(read.message().subject()))
                .adding(SOURCE, source(read));
        return message.header(ID).isPresent() ? message : message.adding(ID, id(read, created));
    }

    /** They speak of the source stream; at the target they would refuse the message, or let it vanish. */
    private static boolean isConditional(String lowerCaseName) {
        return lowerCaseName.startsWith("nats-expected-")
                || lowerCaseName.startsWith("nats-batch-")
                || lowerCaseName.equals("nats-ttl");
    }

    private String source(Read read) {
        return job.stream() + " " + read.number() + " " + replicator + " " + job.name() + " "
                + read.stored().toEpochMilli();
    }

    private String id(Read read, Instant created) {
        String id =
                replicator + ":" + job.name() + ":" + job.stream() + ":" + created.toEpochMilli() + ":" + read.number();
        return run.isEmpty() ? id : id + ":" + run;
    }

    /** What becomes of a subject. */
    String subject(String atSource) {
        return rewrite.of(atSource);
    }

    /** Whether this very job brought a message to the target, from whichever stream of that name. */
    boolean isOurs(CopyMessage copied) {
        return last(copied)
                .map(value -> value.split(" ", -1))
                .filter(parts -> parts.length == 5
                        && parts[0].equals(job.stream())
                        && parts[2].equals(replicator)
                        && parts[3].equals(job.name()))
                .isPresent();
    }

    /**
     * Marks a key as deleted that has no message at the source any more.
     *
     * @param done number up to which the source is dealt with, so that the place is still found at the target
     * @param revision of the value that goes; the target refuses when there is another by now
     */
    CopyMessage removal(String subject, long done, long revision, Instant now) {
        String origin = job.stream() + " " + done + " " + replicator + " " + job.name() + " " + now.toEpochMilli();
        return new CopyMessage(
                subject,
                Map.of(
                        "KV-Operation",
                        List.of("DEL"),
                        "Nats-Expected-Last-Subject-Sequence",
                        List.of(Long.toString(revision)),
                        SOURCE,
                        List.of(origin)),
                new byte[0]);
    }

    /** The number that a copied message had at its source, when this very job copied it from the stream made then. */
    Optional<Long> number(CopyMessage copied, Instant created) {
        return last(copied).flatMap(value -> number(value, created));
    }

    /** What the last hop said. */
    private static Optional<String> last(CopyMessage copied) {
        return copied.headers().entrySet().stream()
                .filter(h ->
                        h.getKey().equalsIgnoreCase(SOURCE) && !h.getValue().isEmpty())
                .findFirst()
                .map(h -> h.getValue().getLast());
    }

    private Optional<Long> number(String value, Instant created) {
        String[] parts = value.split(" ", -1);
        if (parts.length != 5
                || !parts[0].equals(job.stream())
                || !parts[2].equals(replicator)
                || !parts[3].equals(job.name())
                || !parts[1].matches("[0-9]{1,18}")
                || !parts[4].matches("[0-9]{1,18}")
                || Long.parseLong(parts[4]) < created.toEpochMilli()) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(parts[1]));
    }
}
