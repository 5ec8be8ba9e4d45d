package io.machineroom.chronicle;

import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Subject;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A message as bytes: created · subject · id · headers · body. Texts are UTF-8 behind their length. */
final class MessageCodec {
    private MessageCodec() {}

    /** The texts of a message, encoded once: to know the length and then to write. */
    record Prepared(Instant created, List<byte[]> texts, ByteBuffer body) {
        static Prepared of(Message message) {
            List<byte[]> texts = new ArrayList<>(2 + 2 * message.headers().size());
            texts.add(utf8(message.subject().text()));
            texts.add(utf8(message.id()));
            message.headers().forEach((name, value) -> {
                texts.add(utf8(name));
                texts.add(utf8(value));
            });
            return new Prepared(message.created(), texts, message.body());
        }

        int bytes() {
            int sum = 8 + 4 + 4;
            for (byte[] text : texts) {
                sum += 4 + text.length;
            }
            return sum + body.remaining();
        }

        void put(ByteBuffer to) {
            putInstant(to, created);
            to.putInt(texts.size());
            for (byte[] text : texts) {
                to.putInt(text.length).put(text);
            }
            to.put(body.duplicate());
        }
    }

    /**
     * Reads what {@link Prepared#put} wrote; the body is a slice of the buffer.
     *
     * @throws IllegalArgumentException when it is something else
     */
    static Message read(ByteBuffer from) {
        try {
            Instant created = Instant.ofEpochSecond(from.getLong(), from.getInt());
            int texts = from.getInt();
            Subject subject = Subject.of(text(from));
            String id = text(from);
            return new Message(subject, id, headers(from, texts - 2), from.slice(), created);
        } catch (BufferUnderflowException | DateTimeException e) {
            throw new IllegalArgumentException("not a message", e);
        }
    }

    private static Map<String, String> headers(ByteBuffer from, int texts) {
        if (texts == 2) {
            return Map.of(text(from), text(from));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < texts; i += 2) {
            headers.put(text(from), text(from));
        }
        return headers;
    }

    static void putInstant(ByteBuffer to, Instant time) {
        to.putLong(time.getEpochSecond()).putInt(time.getNano());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(ByteBuffer from) {
        int length = from.getInt();
        if (length < 0 || length > from.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        from.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
