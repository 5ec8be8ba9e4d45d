package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.StreamReader.Read;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Messages that the target never takes, kept as evidence: one file each, lines and an empty line before the body. The
 * oldest leave when there are more than 100 files or 16 MiB. One task.
 */
final class ParkedCopies {
    private static final System.Logger LOG = System.getLogger(ParkedCopies.class.getName());
    private static final int MAX_FILES = 100;
    private static final long MAX_BYTES = 16 << 20;

    private final Optional<FileTree> files;
    private final String directory;

    ParkedCopies(Optional<FileTree> files, JobConfig job) {
        this.files = files;
        this.directory = "parked/" + job.stream() + "_" + job.name();
    }

    /** Puts a message aside; without a state folder, and when the disk refuses, only the log has it. */
    void park(Read read, CopyMessage outgoing, PortException reason) {
        LOG.log(
                Level.ERROR,
                "message {0} of the source is refused by the target and parked, subject {1}: {2}: {3}",
                Long.toString(read.number()),
                outgoing.subject(),
                reason.code(),
                reason.getMessage());
        try {
            String name = directory + "/" + String.format(Locale.ROOT, "%019d", read.number());
            files.ifPresent(f -> {
                f.replace(name, document(read, outgoing, reason), 0600);
                prune(f);
            });
        } catch (PortException disk) {
            LOG.log(Level.ERROR, "no evidence of the parked message could be kept: {0}", disk.code());
        }
    }

    private static byte[] document(Read read, CopyMessage outgoing, PortException reason) {
        StringBuilder head = new StringBuilder();
        line(head, "code", reason.code());
        line(head, "reason", String.valueOf(reason.getMessage()));
        line(head, "sequence", Long.toString(read.number()));
        line(head, "stored", read.stored().toString());
        line(head, "source-subject", read.message().subject());
        line(head, "subject", outgoing.subject());
        outgoing.headers().forEach((name, values) -> values.forEach(v -> line(head, "header", name + "=" + v)));
        byte[] top = head.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(top.length + read.message().body().length)
                .put(top)
                .put(read.message().body())
                .array();
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name)
                .append(": ")
                .append(value.replaceAll("[\\r\\n]+", " "))
                .append('\n');
    }

    private void prune(FileTree f) {
        List<String> all = f.list(directory);
        long bytes = 0;
        int kept = 0;
        for (String name : all.reversed()) {
            bytes += f.info(directory + "/" + name).map(FileTree.Info::size).orElse(0L);
            if (++kept > MAX_FILES || bytes > MAX_BYTES) {
                f.delete(directory + "/" + name);
            }
        }
    }
}
