package io.machineroom.nats;

import io.machineroom.ports.kv.Bucket.Change;
import io.machineroom.ports.kv.Bucket.Entry;
import io.nats.client.Message;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeoutException;

/** Walks through the changes of one key with direct reads, which need no consumer. */
final class BucketPast {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST = 1_000;

    private final NatsRequests requests;
    private final String bucket;

    BucketPast(NatsRequests requests, String bucket) {
        this.requests = requests;
        this.bucket = bucket;
    }

    /** Oldest first; of too many the newest. The key is one that can be. */
    List<Change> of(String key) throws InterruptedException {
        Deque<Change> out = new ArrayDeque<>();
        try {
            long from = 1;
            while (true) {
                Message answer = requests.ask(question(key, from), PATIENCE);
                Entry entry = BucketEntries.of(key, answer);
                if (entry == null) {
                    return List.copyOf(out);
                }
                out.addLast(new Change(entry, time(answer)));
                if (out.size() > MOST) {
                    out.removeFirst();
                }
                from = entry.revision() + 1;
            }
        } catch (IOException | TimeoutException e) {
            throw NatsFaults.bucket(bucket, e);
        }
    }

    private NatsMessage question(String key, long from) {
        String body = "{\"seq\":" + from + ",\"next_by_subj\":\"$KV." + bucket + "." + key + "\"}";
        return new NatsMessage("$JS.API.DIRECT.GET.KV_" + bucket, null, body.getBytes(StandardCharsets.UTF_8));
    }

    private static Instant time(Message answer) throws IOException {
        try {
            return Instant.parse(NatsMessages.header(answer, "Nats-Time-Stamp"));
        } catch (DateTimeParseException e) {
            throw new IOException("the server answers without a time", e);
        }
    }
}
