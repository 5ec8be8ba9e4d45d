package io.machineroom.nats;

import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import io.nats.client.impl.Headers;
import io.nats.client.impl.NatsMessage;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages to the client library's form and back ({@code docs/protocol.md} section 2). */
final class NatsMessages {
    static final String MESSAGE_ID = "Nats-Msg-Id";
    static final String ID = "Mr-Id";
    static final String CREATED = "Mr-Created";

    private NatsMessages() {}

    /**
     * A message as it goes out.
     *
     * @param subject full subject
     * @param extra headers that go before the message's own
     */
    static NatsMessage outgoing(String subject, Message message, Map<String, String> extra) {
        Headers headers = new Headers();
        message.headers().forEach((name, value) -> {
            if (!name.startsWith("Nats-")) {
                headers.put(name, value);
            }
        });
        headers.put(ID, message.id());
        headers.put(CREATED, message.created().toString());
        extra.forEach((name, value) -> headers.put(name, value));
        return new NatsMessage(subject, null, headers, message.bytes());
    }

    /**
     * A message as it came in. Headers of NATS itself are left out: forwarded, they would act again.
     *
     * @param received when nothing in it says when it was made
     */
    static Message incoming(io.nats.client.Message message, Instant received) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (message.getHeaders() != null) {
            message.getHeaders().forEach((name, values) -> {
                if (!name.startsWith("Nats-")) {
                    headers.put(name, values.getFirst());
                }
            });
        }
        String id = headers.getOrDefault(ID, header(message, MESSAGE_ID));
        return new Message(
                Subject.of(message.getSubject()),
                id,
                headers,
                ByteBuffer.wrap(message.getData()),
                created(headers.get(CREATED), received));
    }

    /** The first value of a header; empty when absent. */
    static String header(io.nats.client.Message message, String name) {
        Headers headers = message.getHeaders();
        List<String> values = headers == null ? null : headers.getIgnoreCase(name);
        return values == null || values.isEmpty() ? "" : values.getFirst();
    }

    private static Instant created(@Nullable String text, Instant otherwise) {
        if (text == null) {
            return otherwise;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return otherwise;
        }
    }
}
