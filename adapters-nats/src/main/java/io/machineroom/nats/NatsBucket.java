package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketFacts;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bucket, asked by hand: direct gets and core subscriptions need no right on the JetStream API, which
 * a node does not have. Safe from any task.
 */
final class NatsBucket implements Bucket {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Pattern KEY = Pattern.compile("[-/_=a-zA-Z0-9]+(\\.[-/_=a-zA-Z0-9]+)*");
    private static final int LOOKS = 6;

    private final NatsRequests requests;
    private final NatsEars ears;
    private final String name;

    NatsBucket(NatsRequests requests, NatsEars ears, String name) {
        this.requests = requests;
        this.ears = ears;
        this.name = name;
    }

    @Override
    public Optional<Entry> get(String key) throws InterruptedException {
        return Optional.ofNullable(latest(key)).filter(e -> !e.deleted());
    }

    /** The last change of a key; null when there never was one. */
    private @Nullable Entry latest(String key) throws InterruptedException {
        try {
            return BucketEntries.of(key, requests.ask(lookup(key), PATIENCE));
        } catch (TimeoutException e) {
            throw isMissing() ? NatsFaults.missing(name) : NatsFaults.bucket(name, e);
        } catch (IOException e) {
            throw NatsFaults.bucket(name, e);
        }
    }

    /** Servers are silent when asked directly for what they do not have; who may, asks about the stream. */
    private boolean isMissing() throws InterruptedException {
        NatsMessage question = new NatsMessage("$JS.API.STREAM.INFO.KV_" + name, null, new byte[0]);
        try {
            Message answer = requests.ask(question, Duration.ofSeconds(2));
            return new String(answer.getData(), StandardCharsets.UTF_8).contains("\"code\":404");
        } catch (IOException | TimeoutException e) {
            return false;
        }
    }

    private String subject(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new PortException.Refused("bucket.key", "'" + key + "' is no key: letters, digits and -/_=. only");
        }
        return "$KV." + name + "." + key;
    }

    private NatsMessage lookup(String key) {
        return new NatsMessage("$JS.API.DIRECT.GET.KV_" + name + "." + subject(key), null, new byte[0]);
    }

    @Override
    public long put(String key, byte[] value) throws InterruptedException {
        try {
            return write(key, value, new Headers());
        } catch (JetStreamApiException e) {
            throw NatsFaults.bucket(name, e);
        }
    }

    @Override
    public Optional<Long> create(String key, byte[] value) throws InterruptedException {
        Optional<Long> first = update(key, value, 0);
        if (first.isPresent()) {
            return first;
        }
        Entry there = latest(key);
        return there != null && there.deleted() ? update(key, value, there.revision()) : Optional.empty();
    }

    @Override
    public Optional<Long> update(String key, byte[] value, long revision) throws InterruptedException {
        return replace(key, value, revision, new Headers());
    }

    private Optional<Long> replace(String key, byte[] value, long revision, Headers headers)
            throws InterruptedException {
        headers.put("Nats-Expected-Last-Subject-Sequence", Long.toString(revision));
        try {
            return Optional.of(write(key, value, headers));
        } catch (JetStreamApiException e) {
            if (NatsFaults.isWrongSequence(e)) {
                return Optional.empty();
            }
            throw NatsFaults.bucket(name, e);
        }
    }

    @Override
    public boolean delete(String key, long revision) throws InterruptedException {
        return replace(key, new byte[0], revision, deletion()).isPresent();
    }

    private static Headers deletion() {
        Headers headers = new Headers();
        headers.put(BucketEntries.OPERATION, "DEL");
        return headers;
    }

    @Override
    public void delete(String key) throws InterruptedException {
        Headers headers = deletion();
        try {
            write(key, new byte[0], headers);
        } catch (JetStreamApiException e) {
            throw NatsFaults.bucket(name, e);
        }
    }

    private long write(String key, byte[] value, Headers headers) throws InterruptedException, JetStreamApiException {
        NatsMessage message = new NatsMessage(subject(key), null, headers, value);
        try {
            return new PublishAck(requests.ask(message, PATIENCE)).getSeqno();
        } catch (NatsRequests.DeniedException e) {
            throw new PortException.Refused(
                    "bucket.read-only", "this NATS user may only read bucket '" + name + "'", e);
        } catch (IOException | TimeoutException e) {
            throw NatsFaults.bucket(name, e);
        }
    }

    @Override
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        return ears.listen(subject(key), change -> look(key, change, into, 1));
    }

    @Override
    public Set<String> keys() throws InterruptedException {
        return new BucketKeys(requests, name).all();
    }

    @Override
    public List<Change> history(String key) throws InterruptedException {
        subject(key);
        return new BucketPast(requests, name).of(key);
    }

    @Override
    public BucketFacts facts() throws InterruptedException {
        return new BucketStream(requests, name).facts();
    }

    @Override
    public boolean make(BucketSpec spec) throws InterruptedException {
        return new BucketStream(requests, name).make(spec);
    }

    @Override
    public void drop() throws InterruptedException {
        new BucketStream(requests, name).drop();
    }

    @Override
    public Link.Subscription watchAll(Mailbox<String> into) {
        String prefix = "$KV." + name + ".";
        return ears.listen(
                prefix + ">", change -> into.offer(change.getSubject().substring(prefix.length())));
    }

    /**
     * Looks up what a change left. A published change carries no revision and may arrive before it is
     * stored, so the look is repeated while it shows something else; in the end the bucket is right.
     */
    private void look(String key, Message change, Mailbox<Entry> into, int attempt) {
        var _ = requests.send(lookup(key), PATIENCE).whenComplete((answer, fault) -> {
            @Nullable Entry entry = fault == null ? entryOrNull(key, answer) : null;
            if (entry != null && (attempt == LOOKS || shows(entry, change))) {
                into.offer(entry);
            } else if (attempt < LOOKS && !requests.lost()) {
                CompletableFuture.delayedExecutor(10L << attempt, TimeUnit.MILLISECONDS)
                        .execute(() -> look(key, change, into, attempt + 1));
            }
        });
    }

    private @Nullable Entry entryOrNull(String key, Message answer) {
        try {
            return BucketEntries.of(key, answer);
        } catch (IOException | PortException e) {
            return null;
        }
    }

    private static boolean shows(Entry entry, Message change) {
        boolean deletion = BucketEntries.isDeletion(change);
        return entry.deleted() == deletion && (deletion || Arrays.equals(entry.value(), change.getData()));
    }
}
