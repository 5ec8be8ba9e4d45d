package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a program submits; the fields are those of spec streams 2.2.
 *
 * @param id becomes the id of the event
 * @param subject where it goes, without {@value #PREFIX}
 * @param payload read-only, travels as it is
 * @param reliable said to the receiver only: everything here waits for its receipt
 * @param priority 0 to 4
 * @param created when it was made; {@link Instant#MIN} when nobody said so
 * @param ttlSeconds how long it may wait until the spool has it
 * @param maxTries read and kept; attempts are not counted
 * @param tries attempts that another forwarder made before
 * @param sender free text
 * @param identity of the node; empty until the node fills it in
 * @param sign whether the node shall sign it
 * @param headers more headers, order kept
 */
public record Submission(
        String id,
        String subject,
        ByteBuffer payload,
        boolean reliable,
        int priority,
        Instant created,
        double ttlSeconds,
        long maxTries,
        long tries,
        String sender,
        String identity,
        boolean sign,
        Map<String, String> headers) {
    /** What stands before each subject on the wire. */
    public static final String PREFIX = Message.SUBMISSIONS;

    /** Number of priorities. */
    public static final int PRIORITIES = 5;

    public Submission {
        payload = payload.asReadOnlyBuffer();
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** A copy of the payload. */
    public byte[] bytes() {
        byte[] copy = new byte[payload.remaining()];
        payload.duplicate().get(copy);
        return copy;
    }

    /** Payload and headers. */
    public long size() {
        long all = payload.remaining() + subject.length() + sender.length() + 256L;
        for (Map.Entry<String, String> header : headers.entrySet()) {
            all += header.getKey().length() + header.getValue().length() + 4;
        }
        return all;
    }

    /** Whether its time is over; counted in whole seconds, as in the original. */
    public boolean isExpired(Instant now) {
        return ttlSeconds < 0 || now.isAfter(created.plus(Duration.ofSeconds((long) ttlSeconds)));
    }

    /** The same from this node, when nobody said which. */
    public Submission at(String node) {
        return identity.isEmpty()
                ? new Submission(
                        id,
                        subject,
                        payload,
                        reliable,
                        priority,
                        created,
                        ttlSeconds,
                        maxTries,
                        tries,
                        sender,
                        node,
                        sign,
                        headers)
                : this;
    }

    /**
     * The lane of a priority. The first goes before everything that waits; the last two are patient. Each priority has one
     * lane, so that its order is kept.
     */
    public static Lane lane(int priority) {
        return switch (priority) {
            case 0 -> Lane.URGENT;
            case 1, 2 -> Lane.NORMAL;
            default -> Lane.BULK;
        };
    }
}
