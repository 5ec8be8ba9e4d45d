package io.machineroom.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads acknowledgements of a stream. What a server nearly always says, {@code {"stream":"NAME", "seq":12}}, is compared
 * byte by byte; all else, errors and duplicates among it, is read as JSON by the library.
 */
final class StreamAck {
    private final byte[] plain;

    /**
     * For one stream.
     *
     * @param stream the stream that is expected; empty for any
     */
    StreamAck(String stream) {
        this.plain = ("{\"stream\":\"" + stream + "\", \"seq\":").getBytes(StandardCharsets.UTF_8);
    }

    /** Whether it is a positive answer of that stream about a message it did not know. */
    boolean isPlain(Message answer) {
        byte[] data = answer.getData();
        int end = data.length - 1;
        if (end <= plain.length || data[end] != '}') {
            return false;
        }
        for (int i = 0; i < plain.length; i++) {
            if (data[i] != plain[i]) {
                return false;
            }
        }
        for (int i = plain.length; i < end; i++) {
            if (data[i] < '0' || data[i] > '9') {
                return false;
            }
        }
        return true;
    }

    /** The answer in full. */
    static PublishAck read(Message answer) throws IOException, JetStreamApiException {
        return new PublishAck(answer);
    }
}
