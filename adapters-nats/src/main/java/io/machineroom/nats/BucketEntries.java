package io.machineroom.nats;

import io.machineroom.ports.kv.Bucket.Entry;
import io.nats.client.Message;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what servers answer to direct reads of a bucket. */
final class BucketEntries {
    static final String OPERATION = "KV-Operation";

    private static final int NOT_FOUND = 404;

    private BucketEntries() {}

    /** The change that an answer shows; null when there is none. */
    static @Nullable Entry of(String key, Message answer) throws IOException {
        if (answer.isStatusMessage()) {
            if (answer.getStatus().getCode() == NOT_FOUND) {
                return null;
            }
            throw new IOException("the server says " + answer.getStatus().getMessageWithCode());
        }
        boolean deleted = isDeletion(answer);
        try {
            long revision = Long.parseLong(NatsMessages.header(answer, "Nats-Sequence"));
            return new Entry(key, deleted ? new byte[0] : answer.getData(), revision, deleted);
        } catch (NumberFormatException e) {
            throw new IOException("the server answers without a revision", e);
        }
    }

    static boolean isDeletion(Message message) {
        return !NatsMessages.header(message, OPERATION).isEmpty();
    }
}
