package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.BucketFacts;
import io.machineroom.ports.kv.BucketSpec;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.RetentionPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.SuccessApiResponse;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The stream behind a bucket, made as Choria and the clients of NATS make it. Asked by hand, so that a refusal is told at once. */
final class BucketStream {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration DUPLICATE_WINDOW = Duration.ofMinutes(2);

    private final NatsRequests requests;
    private final String bucket;

    BucketStream(NatsRequests requests, String bucket) {
        this.requests = requests;
        this.bucket = bucket;
    }

    BucketFacts facts() throws InterruptedException {
        return info().map(BucketStream::facts).orElseThrow(() -> NatsFaults.missing(bucket));
    }

    /** Whether it was made; the work of somebody else stays as it is. */
    boolean make(BucketSpec spec) throws InterruptedException {
        if (exists()) {
            return false;
        }
        String name = "KV_" + bucket;
        try {
            new StreamInfo(call("CREATE", configuration(name, spec).toJson())).throwOnHasError();
            return true;
        } catch (JetStreamApiException e) {
            throw NatsFaults.managing(name, e);
        }
    }

    void drop() throws InterruptedException {
        try {
            new SuccessApiResponse(call("DELETE", "")).throwOnHasError();
        } catch (JetStreamApiException e) {
            throw NatsFaults.bucket(bucket, e);
        }
    }

    /** A user who may make a stream but not ask about it is told so by the making. */
    private boolean exists() throws InterruptedException {
        try {
            return info().isPresent();
        } catch (PortException.Unavailable e) {
            if (e.code().equals("bucket.unauthorized")) {
                return false;
            }
            throw e;
        }
    }

    private Optional<StreamInfo> info() throws InterruptedException {
        try {
            StreamInfo info = new StreamInfo(ask("INFO", ""));
            info.throwOnHasError();
            return Optional.of(info);
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NatsFaults.NO_STREAM) {
                return Optional.empty();
            }
            throw NatsFaults.bucket(bucket, e);
        } catch (IOException | TimeoutException e) {
            throw NatsFaults.bucket(bucket, e);
        }
    }

    private Message call(String verb, String body) throws InterruptedException {
        try {
            return ask(verb, body);
        } catch (NatsRequests.DeniedException e) {
            throw new PortException.Refused(
                    "bucket.not-permitted",
                    "this NATS user may not make or remove bucket '" + bucket + "'; whoever administers this NATS may",
                    e);
        } catch (IOException | TimeoutException e) {
            throw NatsFaults.bucket(bucket, e);
        }
    }

    private Message ask(String verb, String body) throws InterruptedException, IOException, TimeoutException {
        return requests.ask(
                new NatsMessage(
                        "$JS.API.STREAM." + verb + ".KV_" + bucket, null, body.getBytes(StandardCharsets.UTF_8)),
                PATIENCE);
    }

    private StreamConfiguration configuration(String name, BucketSpec spec) {
        Duration life = spec.timeToLive();
        boolean brief = !life.isZero() && life.compareTo(DUPLICATE_WINDOW) < 0;
        return StreamConfiguration.builder()
                .name(name)
                .description(spec.description())
                .subjects("$KV." + bucket + ".>")
                .storageType(StorageType.File)
                .retentionPolicy(RetentionPolicy.Limits)
                .discardPolicy(DiscardPolicy.New)
                .maxAge(life)
                .maxMessagesPerSubject(unlimited(spec.history()))
                .maxBytes(unlimited(spec.maxBytes()))
                .maximumMessageSize(Math.toIntExact(unlimited(spec.maxValue())))
                .replicas(spec.replicas())
                .duplicateWindow(brief ? life : DUPLICATE_WINDOW)
                .allowRollup(true)
                .denyDelete(true)
                .allowDirect(true)
                .build();
    }

    private static long unlimited(long bound) {
        return bound == 0 ? -1 : bound;
    }

    private static BucketFacts facts(StreamInfo info) {
        StreamConfiguration made = info.getConfiguration();
        @Nullable String description = made.getDescription();
        BucketSpec spec = new BucketSpec(
                description == null ? "" : description,
                made.getMaxAge(),
                Math.max(0, made.getMaxMsgsPerSubject()),
                Math.max(0, made.getMaxBytes()),
                Math.max(0, made.getMaximumMessageSize()),
                made.getReplicas());
        return new BucketFacts(
                spec,
                info.getStreamState().getMsgCount(),
                info.getStreamState().getByteCount(),
                info.getCreateTime().toInstant());
    }
}
