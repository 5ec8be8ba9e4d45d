package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.CopyMessage;
import io.machineroom.ports.replica.StreamHost;
import io.machineroom.ports.replica.StreamReader.Read;
import io.machineroom.ports.runtime.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Removes keys from the bucket at the target that left the one at the source without a trace: they expired, their markers
 * were removed, or the bucket was made anew. Nothing of that is a message, so the keys themselves are compared. A key whose
 * newest value this very job did not bring is left alone. One task, the one that copies: what the source gets afterwards is
 * copied afterwards.
 */
final class VanishedKeys {
    private static final System.Logger LOG = System.getLogger(VanishedKeys.class.getName());
    private static final long EVERY_NANOS = Duration.ofMinutes(5).toNanos();
    private static final String STREAM = "KV_";
    private static final String OPERATION = "KV-Operation";

    private final JobConfig job;
    private final CopyHeaders headers;
    private final CopyPlace place;
    private final TimeSource time;
    private final JobMeter meter;
    private String lastFault = "";
    private boolean looked;
    private long lookedAt;

    VanishedKeys(JobConfig job, CopyHeaders headers, CopyPlace place, TimeSource time, JobMeter meter) {
        this.job = job;
        this.headers = headers;
        this.place = place;
        this.time = time;
        this.meter = meter;
    }

    /** A new pair of connections: what happened meanwhile is looked for soon. */
    void connected() {
        looked = false;
    }

    /** Between two batches. What keeps it from looking is logged, and keeps nothing from being copied. */
    void turn(StreamHost source, StreamHost target) throws InterruptedException {
        boolean due = !looked || time.ticks() - lookedAt >= EVERY_NANOS;
        if (!due || !applies()) {
            return;
        }
        looked = true;
        lookedAt = time.ticks();
        try {
            compare(source, target);
            lastFault = "";
        } catch (PortException e) {
            Level level = e.code().equals(lastFault) ? Level.DEBUG : Level.WARNING;
            lastFault = e.code();
            LOG.log(level, "{0}: keys that vanished stay at the target: {1} [{2}]", job, e.getMessage(), e.code());
        }
    }

    private boolean applies() {
        return !job.mode().keepVanished()
                && job.stream().startsWith(STREAM)
                && job.mapping().targetStream().startsWith(STREAM);
    }

    private void compare(StreamHost source, StreamHost target) throws InterruptedException {
        String from = job.stream().substring(STREAM.length());
        String to = job.mapping().targetStream().substring(STREAM.length());
        // the target first: what comes to the source in between is then missing in neither
        Set<String> there = new TreeSet<>(target.bucket(to).keys());
        Set<String> wanted = new HashSet<>();
        for (String key : source.bucket(from).keys()) {
            wanted.add(headers.subject(subject(from, key)));
        }
        for (String key : there) {
            if (!wanted.contains(subject(to, key))) {
                remove(subject(to, key), target);
            }
        }
    }

    private static String subject(String bucket, String key) {
        return "$KV." + bucket + "." + key;
    }

    private void remove(String subject, StreamHost target) throws InterruptedException {
        String stream = job.mapping().targetStream();
        Optional<Read> newest = target.lastOf(stream, subject);
        if (newest.isEmpty()
                || newest.get().message().header(OPERATION).isPresent()
                || !headers.isOurs(newest.get().message())) {
            return;
        }
        CopyMessage marker = headers.removal(subject, place.done(), newest.get().number(), time.wall());
        PortException fault = target.write(java.util.List.of(marker), stream).fault();
        if (fault != null) {
            throw fault;
        }
        meter.count("replicator_removed_keys", 1);
        LOG.log(Level.INFO, "{0}: {1} left the source without a trace and is removed from the target", job, subject);
    }
}
