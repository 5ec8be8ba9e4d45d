package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.lang.System.Logger.Level;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** Keeps the checkpoint of one job in a file of its own, by replicator, stream and name of the job. One task. */
final class CheckpointStore {
    private static final System.Logger LOG = System.getLogger(CheckpointStore.class.getName());
    private static final int MAX_BYTES = 64 * 1024;

    private final Optional<FileTree> files;
    private final JsonFormat json;
    private final String file;

    CheckpointStore(Optional<FileTree> files, JsonFormat json, String replicator, JobConfig job) {
        this.files = files;
        this.json = json;
        this.file = "checkpoints/" + safe(replicator) + "_" + job.stream() + "_" + job.name() + ".json";
    }

    /** A replicator may be named as people like; a file may not. */
    private static String safe(String name) {
        return name.replaceAll("[^A-Za-z0-9_-]", "-");
    }

    /** What was kept last; empty when nothing was, and when it cannot be read, which is logged. */
    Optional<Checkpoint> read() {
        try {
            return files.flatMap(f -> f.read(file, MAX_BYTES)).map(json::read).flatMap(CheckpointStore::checkpoint);
        } catch (PortException e) {
            LOG.log(Level.WARNING, "the checkpoint {0} cannot be read and is begun anew: {1}", file, e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Checkpoint> checkpoint(Value value) {
        if (!(value instanceof Value.Obj o)) {
            return Optional.empty();
        }
        try {
            Instant created = Instant.parse(o.text("stream_created").orElse(""));
            return o.whole("sequence").filter(n -> n >= 0).map(n -> new Checkpoint(created, n));
        } catch (DateTimeException e) {
            LOG.log(Level.WARNING, "a checkpoint without the time of its stream is not used", e);
            return Optional.empty();
        }
    }

    /** Replaces it as a whole; a disk that does not take it is logged: the consumer at the source knows the place, too. */
    void write(Checkpoint checkpoint) {
        Value.Obj value = Value.obj(
                "stream_created",
                Value.text(checkpoint.created().toString()),
                "sequence",
                Value.num(checkpoint.number()));
        try {
            files.ifPresent(f -> f.replace(file, json.write(value), 0600));
        } catch (PortException e) {
            LOG.log(Level.WARNING, "the checkpoint {0} cannot be written: {1}", file, e.getMessage());
        }
    }
}
