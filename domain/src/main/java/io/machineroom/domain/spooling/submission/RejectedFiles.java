package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what could not be used: the file as it came below {@value #DIRECTORY}, and beside it the reason. The oldest go when
 * there are more than {@value #MAX_FILES} or they hold more than {@value #MAX_BYTES} bytes, and that is logged.
 */
final class RejectedFiles {
    static final String DIRECTORY = "rejected";
    static final int MAX_FILES = 100;
    static final long MAX_BYTES = 16 << 20;
    private static final int MAX_NAME = 200;
    private static final String REASON = ".reason";

    private static final System.Logger LOG = System.getLogger(RejectedFiles.class.getName());

    private final FileTree files;

    RejectedFiles(FileTree files) {
        this.files = files;
    }

    /**
     * Puts a file aside; it is out of its queue on return.
     *
     * @throws PortException.Unavailable {@code file.disk}: it is still there
     */
    void keep(int priority, String name, PortException.Refused why) {
        LOG.log(Level.DEBUG, "submission {0} of priority {1} is rejected: {2}", name, priority, why.getMessage());
        String kept = free(shortened(name) + ".P" + priority);
        files.makeDirectory(DIRECTORY, 0700);
        // the file first: a reason without a file would say nothing, a file without a reason is still the message
        files.rename(SubmissionDirectory.queue(priority) + "/" + name, kept);
        files.replace(
                kept + REASON, (why.code() + ": " + why.getMessage() + "\n").getBytes(StandardCharsets.UTF_8), 0600);
        prune();
    }

    /** A name that no rejected file has: an older one of the same name stays. */
    private String free(String name) {
        String out = DIRECTORY + "/" + name;
        for (int number = 2; files.info(out).isPresent(); number++) {
            out = DIRECTORY + "/" + name + "~" + number;
        }
        return out;
    }

    /** What is added must not make a name that no file system takes. */
    private static String shortened(String name) {
        String plain = name.replaceAll("[^ -~]", "_");
        return plain.length() > MAX_NAME ? plain.substring(0, MAX_NAME) : plain;
    }

    private record Kept(String path, long size, Instant since) {}

    private void prune() {
        List<Kept> all = new ArrayList<>();
        for (String name : files.list(DIRECTORY)) {
            String path = DIRECTORY + "/" + name;
            if (!name.endsWith(REASON)) {
                // the file itself may be of any age
                Optional<FileTree.Info> info = files.info(path);
                Instant since = files.info(path + REASON)
                        .or(() -> info)
                        .map(FileTree.Info::modified)
                        .orElse(Instant.EPOCH);
                info.ifPresent(one -> all.add(new Kept(path, size(path, one), since)));
            } else if (files.info(path.substring(0, path.length() - REASON.length()))
                    .isEmpty()) {
                files.delete(path); // its file was taken away
            }
        }
        all.sort(Comparator.comparing(Kept::since).reversed());
        long bytes = 0;
        int count = 0;
        for (Kept kept : all) {
            bytes += kept.size();
            if (++count > MAX_FILES || bytes > MAX_BYTES) {
                LOG.log(Level.WARNING, "no room for rejected submissions: {0} is removed", kept.path());
                files.delete(kept.path());
                files.delete(kept.path() + REASON);
            }
        }
    }

    /** A directory counts with all that is in it. */
    private long size(String path, FileTree.Info info) {
        return info.kind() == FileTree.Kind.DIRECTORY
                ? files.walk(path).stream()
                        .flatMap(name -> files.info(path + "/" + name).stream())
                        .mapToLong(FileTree.Info::size)
                        .sum()
                : info.size();
    }
}
