package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Meter;
import java.lang.System.Logger.Level;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Gets rid of files that are done with: deleted when the spool has them, else kept among the {@link RejectedFiles}. One that
 * the disk does not let go of is remembered, so that its message is neither sent nor rejected again. One task.
 */
final class Disposal {
    private static final System.Logger LOG = System.getLogger(Disposal.class.getName());

    private static final int MAX_SHOWN = 200;

    private final SubmissionDirectory directory;
    private final RejectedFiles rejected;
    private final Meter meter;
    private final Set<String> stuck = new HashSet<>();
    private final Set<String> wanted = new HashSet<>();
    private Optional<Value.Obj> first = Optional.empty();
    private long fresh;
    private long all;

    Disposal(SubmissionDirectory directory, Meter meter) {
        this.directory = directory;
        this.rejected = new RejectedFiles(directory.files());
        this.meter = meter;
    }

    /** Whether a file is done with, although it is still there. */
    boolean isDone(int priority, String name) {
        return stuck.contains(path(priority, name));
    }

    /** How many were rejected. */
    long rejected() {
        return all;
    }

    void delete(int priority, String name) {
        try {
            directory.delete(priority, name);
        } catch (PortException disk) {
            remember(priority, name, disk);
        }
    }

    void reject(SubmissionQueue.Refusal refusal) {
        PortException.Refused why = shown(refusal.why());
        meter.count("mr_submissions_rejected_total", "code", why.code(), 1);
        fresh++;
        all++;
        if (first.isEmpty()) {
            first = Optional.of(Value.obj(
                            "file",
                            Value.text(shown(path(refusal.priority(), refusal.name()))),
                            "code",
                            Value.text(why.code()))
                    .with("reason", Value.text(String.valueOf(why.getMessage()))));
        }
        try {
            rejected.keep(refusal.priority(), refusal.name(), why);
        } catch (PortException disk) {
            wanted.add(path(refusal.priority(), refusal.name()));
            remember(refusal.priority(), refusal.name(), disk);
        }
    }

    /** Tries again to delete what the spool has, and forgets what is gone. A rejected file is left to its owner. */
    void retry() {
        for (String path : Set.copyOf(stuck)) {
            try {
                if (!wanted.contains(path)) {
                    directory.files().delete(path);
                }
                if (isGone(path)) {
                    stuck.remove(path);
                    wanted.remove(path);
                }
            } catch (PortException disk) {
                LOG.log(Level.DEBUG, "{0} still cannot be removed: {1}", path, disk.code());
            }
        }
    }

    /** As the folder lists it: a name that is not text of this system lists as one that nobody finds. */
    private boolean isGone(String path) {
        int slash = path.indexOf('/');
        return !directory.files().list(path.substring(0, slash)).contains(path.substring(slash + 1));
    }

    /** A reason quotes the file; a log and an event take a line of it. */
    private static PortException.Refused shown(PortException.Refused why) {
        return new PortException.Refused(why.code(), shown(String.valueOf(why.getMessage())));
    }

    private static String shown(String text) {
        String plain = text.replaceAll("[^ -~]", "_");
        return plain.length() > MAX_SHOWN ? plain.substring(0, MAX_SHOWN) + "..." : plain;
    }

    /** What was rejected since this was asked last; empty when nothing was. */
    Optional<Value.Obj> news() {
        Optional<Value.Obj> out = first.map(one -> one.with("count", Value.num(fresh)));
        first = Optional.empty();
        fresh = 0;
        return out;
    }

    private void remember(int priority, String name, PortException disk) {
        stuck.add(path(priority, name));
        LOG.log(
                Level.ERROR,
                "submission {0} is done with and cannot be removed: {1}: {2}",
                path(priority, name),
                disk.code(),
                disk.getMessage());
    }

    private static String path(int priority, String name) {
        return SubmissionDirectory.queue(priority) + "/" + name;
    }
}
