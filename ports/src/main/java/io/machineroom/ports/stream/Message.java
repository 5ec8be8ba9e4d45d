package io.machineroom.ports.stream;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What travels: an already encoded body with its address. Nobody on the way opens the body.
 *
 * @param subject where it goes; literal
 * @param id unique id of the event, at most 128 characters
 * @param headers names and values, order kept; {@code Content-Type} names the encoding
 * @param body read-only; the slice of a spool stays valid until its delivery is committed or rewound
 * @param created wall time at which it was made
 */
public record Message(Subject subject, String id, Map<String, String> headers, ByteBuffer body, Instant created) {
    /** Header that names the encoding of the body. */
    public static final String CONTENT_TYPE = "Content-Type";

    /** Subjects below this one carry {@linkplain #isRaw() raw} bodies: what programs submit. */
    public static final String SUBMISSIONS = "choria.submission.in";

    public Message {
        // most have one header or none, and then there is no order to keep: no copy on every hop
        headers = headers.size() < 2 ? Map.copyOf(headers) : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        body = body.asReadOnlyBuffer();
    }

    /** Bytes of the body. */
    public int size() {
        return body.remaining();
    }

    /** A copy of the body. */
    public byte[] bytes() {
        byte[] copy = new byte[body.remaining()];
        body.duplicate().get(copy);
        return copy;
    }

    public String contentType() {
        return headers.getOrDefault(CONTENT_TYPE, "application/octet-stream");
    }

    /** Whether the body is no CloudEvent but any bytes, which only its sender and its receiver understand. */
    public boolean isRaw() {
        return subject.isUnder(SUBMISSIONS);
    }

    public Message at(Subject other) {
        return new Message(other, id, headers, body, created);
    }

    public Message withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Message(subject, id, more, body, created);
    }
}
