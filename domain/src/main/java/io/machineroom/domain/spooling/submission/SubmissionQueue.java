package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Message;
import java.util.ArrayList;
import java.util.List;

/** One priority of the directory: reads no more of it than one append takes. One task. */
final class SubmissionQueue {
    private static final int MAX_FILES = 64;
    private static final long MAX_BYTES = 1 << 20;

    private final int priority;
    private final SubmissionDirectory directory;
    private final SubmissionSettings settings;
    private final SubmissionEnvelope envelope;
    private final String identity;
    private final TimeSource time;
    private final Disposal disposal;

    SubmissionQueue(
            int priority,
            SubmissionDirectory directory,
            SubmissionSettings settings,
            Reading reading,
            Disposal disposal) {
        this.priority = priority;
        this.directory = directory;
        this.settings = settings;
        this.envelope = reading.envelope();
        this.identity = reading.identity();
        this.time = reading.time();
        this.disposal = disposal;
    }

    /** What a file needs to become a message. */
    record Reading(SubmissionEnvelope envelope, String identity, TimeSource time) {}

    int priority() {
        return priority;
    }

    /** What is at the head, within the bounds of one append. */
    Head head() {
        List<String> names = directory.names(priority);
        Head out = new Head(names.size(), new ArrayList<>(), new ArrayList<>());
        long bytes = 0;
        for (String name : names) {
            if (out.found().size() + out.refused().size() >= MAX_FILES || bytes >= MAX_BYTES) {
                break;
            }
            if (disposal.isDone(priority, name)) {
                continue;
            }
            try {
                Found one = found(name);
                bytes += one.message().size();
                out.found().add(one);
            } catch (PortException.Refused unusable) {
                out.refused().add(new Refusal(priority, name, unusable));
            }
        }
        return out;
    }

    private Found found(String name) {
        Submission message = directory.read(priority, name).at(identity);
        SubmissionRules.check(message, settings, time.wall());
        return new Found(name, envelope.message(message, Submission.PREFIX));
    }

    /** A file that can be appended. */
    record Found(String name, Message message) {}

    /** A file that cannot. */
    record Refusal(int priority, String name, PortException.Refused why) {}

    /**
     * The head of a priority.
     *
     * @param files how many there are in all
     */
    record Head(int files, List<Found> found, List<Refusal> refused) {}
}
