package io.machineroom.ports.spool.kit;

import io.machineroom.ports.stream.Message;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * A record of a lane: a message, or numbers that are void.
 *
 * @param from its first number
 * @param through its last number, of the same epoch; that of {@code from} for a message
 * @param cause why it is void; empty for a message
 * @param message the message; empty for a void
 * @param clock when it was written, in milliseconds of the spool's own clock
 */
public record Entry(Place from, long through, String cause, Optional<Message> message, long clock) {
    private static final int OVERHEAD = 64;

    /** A message. */
    public static Entry of(Place at, Message message, long clock) {
        return new Entry(at, at.number(), "", Optional.of(message), clock);
    }

    /** Numbers that are void. */
    public static Entry empty(Place from, long through, String cause, long clock) {
        return new Entry(from, through, cause, Optional.empty(), clock);
    }

    public boolean isVoid() {
        return message.isEmpty();
    }

    /** Its last number. */
    public Place last() {
        return new Place(from.epoch(), through);
    }

    /** The number behind it. */
    public Place behind() {
        return last().plus(1);
    }

    /** The same numbers, void. */
    public Entry voided(String why) {
        return empty(from, through, why, clock);
    }

    /** From that number of it on. */
    Entry since(Place first) {
        return new Entry(first, through, cause, message, clock);
    }

    /** Bytes that it counts against the bounds; 0 for a void. */
    public long bytes() {
        return message.map(m -> OVERHEAD + m.size() + textBytes(m)).orElse(0L);
    }

    /** UTF-8 bytes of subject, id and headers. */
    static long textBytes(Message message) {
        long sum = utf8(message.subject().text()) + utf8(message.id());
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            sum += utf8(header.getKey()) + utf8(header.getValue());
        }
        return sum;
    }

    private static long utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
