package io.machineroom.nats;

import io.machineroom.ports.replica.CopyMessage;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages with all their headers, to the client library's form and back. */
final class NatsCopies {
    private NatsCopies() {}

    static NatsMessage outgoing(CopyMessage message) {
        Headers headers = new Headers();
        message.headers().forEach(headers::add);
        return new NatsMessage(message.subject(), null, headers, message.body());
    }

    static CopyMessage incoming(String subject, @Nullable Headers headers, byte @Nullable [] body) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        if (headers != null) {
            headers.forEach(all::put);
        }
        return new CopyMessage(subject, all, body == null ? new byte[0] : body);
    }
}
