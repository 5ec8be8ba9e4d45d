package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Entropy;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * The local directory of spec streams 2.3: {@code P0} to {@code P4}, one file a message, in the order of their names. Any
 * process of this user may write into it, also while no agent runs. What cannot be used goes to {@link RejectedFiles}.
 * Safe from any task.
 */
public final class SubmissionDirectory {
    private static final String SUFFIX = ".msg";

    private final FileTree files;
    private final JsonFormat json;
    private final SubmissionSettings settings;

    /**
     * A directory.
     *
     * @param files its tree; parts that are missing are made with mode 0700
     */
    public SubmissionDirectory(FileTree files, JsonFormat json, SubmissionSettings settings) {
        this.files = files;
        this.json = json;
        this.settings = settings;
    }

    /** Makes what is missing; modes of what is there are the operator's. */
    void prepare() {
        for (int priority = 0; priority < Submission.PRIORITIES; priority++) {
            files.makeDirectory(queue(priority), 0700);
        }
    }

    /**
     * Checks a message and writes it: durable on return, seen whole or not at all. Returns the name of the file.
     *
     * @throws PortException.Refused {@code submission.invalid}; {@code submission.full} when more files than allowed wait
     *     with its priority
     * @throws PortException.Unavailable {@code file.disk}
     */
    public String put(Submission message, Instant now, Entropy entropy) {
        SubmissionRules.check(message, settings, now);
        prepare();
        if (names(message.priority()).size() > settings.maxMessages()) {
            throw new PortException.Refused("submission.full", "spool is full");
        }
        String name = queue(message.priority()) + "/" + stamp(now) + "-" + entropy.uuid() + SUFFIX;
        files.replace(name, json.write(SubmissionFormat.write(message)), 0600);
        return name;
    }

    /** The files of a priority, the first one first; other names are nobody's business here. */
    List<String> names(int priority) {
        return files.list(queue(priority)).stream()
                .filter(name -> name.endsWith(SUFFIX))
                .toList();
    }

    /**
     * Reads a file.
     *
     * @throws PortException.Refused {@code submission.unreadable}, {@code submission.invalid}
     */
    Submission read(int priority, String name) {
        String path = queue(priority) + "/" + name;
        boolean plain =
                files.info(path).filter(i -> i.kind() == FileTree.Kind.FILE).isPresent();
        if (!plain) {
            throw new PortException.Refused("submission.unreadable", "it is not a file");
        }
        try {
            byte[] content = files.read(path, mostBytes())
                    .orElseThrow(() -> new PortException.Refused("submission.unreadable", "it cannot be read"));
            return SubmissionFormat.read(json.read(content, mostBytes()), spareId(name));
        } catch (PortException.Refused e) {
            if (e.code().startsWith("submission.")) {
                throw e;
            }
            throw new PortException.Refused("submission.unreadable", e.getMessage() + " [" + e.code() + "]", e);
        }
    }

    /** A message without an id has that of its file, so that it has the same one when it is taken again. */
    private static String spareId(String name) {
        return name.substring(0, name.length() - SUFFIX.length());
    }

    void delete(int priority, String name) {
        files.delete(queue(priority) + "/" + name);
    }

    FileTree files() {
        return files;
    }

    static String queue(int priority) {
        return "P" + priority;
    }

    /** The payload in base64, and room for what stands around it. */
    private int mostBytes() {
        return settings.maxBytes() / 3 * 4 + (64 << 10);
    }

    private static String stamp(Instant now) {
        return now.getEpochSecond() + String.format(Locale.ROOT, "%09d", now.getNano());
    }
}
