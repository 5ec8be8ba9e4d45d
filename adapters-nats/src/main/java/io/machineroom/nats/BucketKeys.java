package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.StreamInfo;
import io.nats.client.api.StreamState;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Lists the keys of a bucket with nothing but the right to ask for the state of its stream, which servers page through its
 * subjects with.
 */
final class BucketKeys {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MOST = 100_000;

    private final NatsRequests requests;
    private final String name;

    BucketKeys(NatsRequests requests, String name) {
        this.requests = requests;
        this.name = name;
    }

    /** All keys that have a change, deletions included. */
    Set<String> all() throws InterruptedException {
        String prefix = "$KV." + name + ".";
        Set<String> out = new HashSet<>();
        long offset = 0;
        while (true) {
            StreamState page = page(prefix, offset);
            Set<String> subjects = page.getSubjectMap().keySet();
            subjects.stream()
                    .filter(s -> s.startsWith(prefix))
                    .map(s -> s.substring(prefix.length()))
                    .forEach(out::add);
            offset += subjects.size();
            if (out.size() > MOST) {
                throw new PortException.Refused(
                        "bucket.too-many-keys", "bucket '" + name + "' has more than " + MOST + " keys");
            }
            if (subjects.isEmpty() || offset >= page.getSubjectCount()) {
                return out;
            }
        }
    }

    private StreamState page(String prefix, long offset) throws InterruptedException {
        String question = "{\"subjects_filter\":\"" + prefix + ">\",\"offset\":" + offset + "}";
        try {
            Message answer = requests.ask(
                    new NatsMessage("$JS.API.STREAM.INFO.KV_" + name, null, question.getBytes(StandardCharsets.UTF_8)),
                    PATIENCE);
            StreamInfo info = new StreamInfo(answer);
            info.throwOnHasError();
            return info.getStreamState();
        } catch (JetStreamApiException | IOException | TimeoutException e) {
            throw NatsFaults.bucket(name, e);
        }
    }
}
