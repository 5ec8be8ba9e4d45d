package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.ClusterInfo;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.Replica;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes streams and buckets, and reads back what the server made: an older server drops what it does not know. */
final class NatsStreams {
    private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(2);

    private final Connection connection;

    NatsStreams(Connection connection) {
        this.connection = connection;
    }

    /** Returns the number of the newest message. */
    long ensure(StreamSpec spec, int replicas) {
        StreamInfo made = made(spec.name(), existing -> wanted(spec, replicas, existing));
        List<String> differences = differences(spec, made.getConfiguration());
        if (replicas > 0) {
            compare(differences, "replicas", replicas, made.getConfiguration().getReplicas());
        }
        if (!differences.isEmpty()) {
            throw new PortException.Refused(
                    "stream.config",
                    "stream '" + spec.name() + "' differs from what is needed: " + String.join("; ", differences));
        }
        return made.getStreamState().getLastSequence();
    }

    void ensureBucket(String name, int replicas) {
        StreamConfiguration made =
                made("KV_" + name, existing -> bucket(name, replicas, existing)).getConfiguration();
        if (!made.getAllowDirect() || made.getMaxMsgsPerSubject() != 1) {
            throw new PortException.Refused(
                    "stream.config", "bucket '" + name + "' differs from what is needed: history 1 and direct gets");
        }
    }

    /** Whether each copy of each stream has all; a stream that nobody leads now tells nothing, and so is none. */
    boolean copiesCurrent() {
        try {
            JetStreamManagement management = connection.jetStreamManagement();
            List<StreamInfo> told = management.getStreams();
            return told.size() == management.getStreamNames().size()
                    && told.stream().allMatch(NatsStreams::isWhole);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsFaults.managing("*", e);
        }
    }

    private static boolean isWhole(StreamInfo stream) {
        int others = stream.getConfiguration().getReplicas() - 1;
        if (others <= 0) {
            return true;
        }
        @Nullable ClusterInfo cluster = stream.getClusterInfo();
        @Nullable List<Replica> replicas = cluster == null ? null : cluster.getReplicas();
        return replicas != null
                && replicas.size() >= others
                && replicas.stream().allMatch(replica -> replica.isCurrent() && !replica.isOffline());
    }

    /** What a stream is to be, given what it is. */
    private interface Plan {
        StreamConfiguration from(@Nullable StreamConfiguration existing);
    }

    private StreamInfo made(String name, Plan plan) {
        try {
            JetStreamManagement management = connection.jetStreamManagement();
            StreamConfiguration existing = existing(management, name);
            if (existing == null) {
                management.addStream(plan.from(null));
            } else {
                management.updateStream(plan.from(existing));
            }
            return management.getStreamInfo(name);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsFaults.managing(name, e);
        }
    }

    private static @Nullable StreamConfiguration existing(JetStreamManagement management, String name)
            throws IOException, JetStreamApiException {
        try {
            return management.getStreamInfo(name).getConfiguration();
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsFaults.NO_STREAM) {
                return null;
            }
            throw e;
        }
    }

    /** What the specification says nothing about stays as the operator set it. */
    private static StreamConfiguration wanted(StreamSpec spec, int replicas, @Nullable StreamConfiguration existing) {
        Duration window = spec.maxAge().isZero() || spec.maxAge().compareTo(DUPLICATE_WINDOW) > 0
                ? DUPLICATE_WINDOW
                : spec.maxAge();
        StreamConfiguration.Builder builder = builder(existing, spec.name());
        if (isSealed(spec)) {
            builder.denyDelete(true);
        }
        if (replicas > 0) {
            builder.replicas(replicas);
        }
        return builder.subjects(spec.subjects().stream().map(Subject::text).toList())
                .retentionPolicy(retention(spec))
                .maxBytes(unlimited(spec.maxBytes()))
                .maxAge(spec.maxAge())
                .maxMessagesPerSubject(unlimited(spec.maxMessagesPerSubject()))
                .discardPolicy(discard(spec))
                .duplicateWindow(window)
                .build();
    }

    private static StreamConfiguration bucket(String name, int replicas, @Nullable StreamConfiguration existing) {
        StreamConfiguration.Builder builder = builder(existing, "KV_" + name).allowDirect(true);
        if (replicas > 0) {
            builder.replicas(replicas);
        }
        if (existing == null) {
            builder.subjects("$KV." + name + ".>")
                    .maxMessagesPerSubject(1)
                    .discardPolicy(DiscardPolicy.New)
                    .allowRollup(true)
                    .denyDelete(true)
                    .duplicateWindow(DUPLICATE_WINDOW);
        }
        return builder.build();
    }

    private static StreamConfiguration.Builder builder(@Nullable StreamConfiguration existing, String name) {
        return existing == null
                ? StreamConfiguration.builder().name(name).storageType(StorageType.File)
                : StreamConfiguration.builder(existing);
    }

    private static boolean isSealed(StreamSpec spec) {
        return spec.retention() == StreamSpec.Retention.SEALED_QUEUE;
    }

    private static RetentionPolicy retention(StreamSpec spec) {
        return switch (spec.retention()) {
            case LIMITS -> RetentionPolicy.Limits;
            case WORK_QUEUE, SEALED_QUEUE -> RetentionPolicy.WorkQueue;
        };
    }

    private static DiscardPolicy discard(StreamSpec spec) {
        return switch (spec.discard()) {
            case OLD -> DiscardPolicy.Old;
            case NEW -> DiscardPolicy.New;
        };
    }

    private static long unlimited(long bound) {
        return bound == 0 ? -1 : bound;
    }

    private static List<String> differences(StreamSpec spec, StreamConfiguration made) {
        List<String> out = new ArrayList<>();
        Set<String> subjects =
                new TreeSet<>(spec.subjects().stream().map(Subject::text).toList());
        compare(out, "subjects", subjects, new TreeSet<>(made.getSubjects()));
        compare(out, "retention", retention(spec), made.getRetentionPolicy());
        compare(out, "bytes", unlimited(spec.maxBytes()), made.getMaxBytes());
        compare(out, "age", spec.maxAge(), made.getMaxAge());
        compare(out, "messages per subject", unlimited(spec.maxMessagesPerSubject()), made.getMaxMsgsPerSubject());
        compare(out, "discard", discard(spec), made.getDiscardPolicy());
        compare(out, "deletes denied", true, !isSealed(spec) || made.getDenyDelete());
        compare(out, "storage", StorageType.File, made.getStorageType());
        return out;
    }

    private static void compare(List<String> out, String what, Object wanted, @Nullable Object made) {
        if (!wanted.equals(made)) {
            out.add(what + " is " + made + ", needed is " + wanted);
        }
    }
}
