package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** One priority of the directory: reads no more of it than one append takes. One task. */
final class SubmissionQueue {
    private static final System.Logger LOG = System.getLogger(SubmissionQueue.class.getName());
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

    /** Which messages the files hold, whatever else is to be said of them; those that cannot be read hold none. */
    Set<SubmissionKey> keys() {
        Set<SubmissionKey> out = new HashSet<>();
        for (String name : directory.names(priority)) {
            try {
                out.add(envelope.key(directory.read(priority, name)));
            } catch (PortException.Refused unusable) {
                LOG.log(System.Logger.Level.DEBUG, "{0} is told as rejected later: {1}", name, unusable.code());
            }
        }
        return out;
    }

    /**
     * What is at the head, within the bounds of one append.
     *
     * @param spooled what the spool has already
     */
    Head head(Set<SubmissionKey> spooled) {
        List<String> names = directory.names(priority);
        Head out = new Head(names.size(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long bytes = 0;
        for (String name : names) {
            if (out.size() >= MAX_FILES || bytes >= MAX_BYTES) {
                break;
            }
            if (disposal.isDone(priority, name)) {
                continue;
            }
            try {
                Submission message = directory.read(priority, name).at(identity);
                // first of all: what was sent in time is not rejected because its time is over now
                if (!spooled.isEmpty() && spooled.contains(envelope.key(message))) {
                    out.spooled().add(name);
                    continue;
                }
                Found one = found(name, message);
                bytes += one.message().size();
                out.found().add(one);
            } catch (PortException.Refused unusable) {
                out.refused().add(new Refusal(priority, name, unusable));
            }
        }
        return out;
    }

    private Found found(String name, Submission message) {
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
     * @param spooled files whose message the spool has already
     */
    record Head(int files, List<Found> found, List<Refusal> refused, List<String> spooled) {
        int size() {
            return found.size() + refused.size() + spooled.size();
        }
    }
}
