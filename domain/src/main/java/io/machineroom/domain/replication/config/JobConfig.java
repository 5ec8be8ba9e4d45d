package io.machineroom.domain.replication.config;

import java.time.Duration;
import java.util.Optional;

/**
 * One copy: a stream of one NATS into the subjects of another.
 *
 * @param stream source stream
 * @param name of the copy; the replicator's when not given
 * @param source where it is read
 * @param target where it is written
 * @param mapping what becomes of the stream and its subjects
 * @param mode how it is copied
 * @param start where it begins
 * @param sampling which messages are left out
 */
public record JobConfig(
        String stream,
        String name,
        Side source,
        Side target,
        Mapped mapping,
        Mode mode,
        StartPolicy start,
        Sampling sampling) {
    /**
     * What becomes of the stream and its subjects.
     *
     * @param filter subjects that are read; empty: all
     * @param targetStream stream at the target
     * @param prefix put in front of each subject
     * @param remove taken out of each subject
     * @param create whether the target stream is made when it is missing
     */
    public record Mapped(String filter, String targetStream, String prefix, String remove, boolean create) {}

    /**
     * How it is copied.
     *
     * @param ephemeral everything again at each start
     * @param targetInitiated the place is found at the target
     * @param maxAge older messages are left out; zero: none
     * @param election candidate's name in the group's election; empty: no group
     * @param advising where advisories go
     * @param keepVanished whether keys stay in a bucket at the target that left the one at the source without a trace
     */
    public record Mode(
            boolean ephemeral,
            boolean targetInitiated,
            Duration maxAge,
            String election,
            Optional<Advising> advising,
            boolean keepVanished) {}

    /** Name of the consumer at the source. */
    public String consumer() {
        return consumer(name);
    }

    /** Name of a consumer; one for who bypassed the validation and gave no name. */
    public static String consumer(String name) {
        if (name.isEmpty()) {
            return "stream_replicator";
        }
        return "SR_".startsWith(name) ? name : "SR_" + name;
    }

    /** Name of the file that sampling is remembered in, below the state folder. */
    public String stateFile() {
        return stream + "_" + name + ".json";
    }

    @Override
    public String toString() {
        return stream + " as " + name;
    }
}
