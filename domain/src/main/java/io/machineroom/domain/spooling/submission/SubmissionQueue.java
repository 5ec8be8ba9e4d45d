package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Message;
import java.lang.System.Logger.Level;
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
    private final TakenMessages taken;
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
        this.taken = reading.taken();
        this.disposal = disposal;
    }

    /** What a file needs to become a message. */
    record Reading(SubmissionEnvelope envelope, String identity, TimeSource time, TakenMessages taken) {}

    int priority() {
        return priority;
    }

    /** The ids of all its files that can be read, whatever else is wrong with them. */
    void ids(Set<String> into) {
        for (String name : directory.names(priority)) {
            try {
                into.add(directory.read(priority, name).id());
            } catch (PortException.Refused unusable) {
                // it is rejected when its turn comes
                LOG.log(Level.DEBUG, "{0} has no id that can be read: {1}", name, unusable.code());
            }
        }
    }

    /** What is at the head, within the bounds of one append; no id twice. */
    Head head() {
        List<String> names = directory.names(priority);
        Head out = new Head(names.size(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        Set<String> ids = new HashSet<>();
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
                if (!ids.add(message.id())) {
                    break; // what becomes of it is known when the first one is spooled
                }
                bytes += sort(name, message, out);
            } catch (PortException.Refused unusable) {
                out.refused().add(new Refusal(priority, name, unusable));
            }
        }
        return out;
    }

    /** Before any rule: what is spooled already may have expired since. */
    private long sort(String name, Submission message, Head out) {
        if (taken.place(message).isPresent()) {
            out.repeated().add(name);
            return 0;
        }
        SubmissionRules.check(message, settings, time.wall());
        Message sent = envelope.message(message, Submission.PREFIX);
        out.found().add(new Found(name, sent));
        return sent.size();
    }

    /** A file that can be appended. */
    record Found(String name, Message message) {}

    /** A file that cannot. */
    record Refusal(int priority, String name, PortException.Refused why) {}

    /**
     * The head of a priority.
     *
     * @param files how many there are in all
     * @param repeated files whose message the spool has already
     */
    record Head(int files, List<Found> found, List<Refusal> refused, List<String> repeated) {
        int size() {
            return found.size() + refused.size() + repeated.size();
        }
    }
}
