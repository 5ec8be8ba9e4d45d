package io.machineroom.domain.flow;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A parked message as a file: lines {@code name: value}, an empty line, the body. People read it, and {@code spool
 * requeue} does.
 *
 * @param code why it was refused
 * @param reason the same in words
 * @param message the message
 */
public record ParkedFile(String code, String reason, Message message) {
    private static final String HEADER = "header";

    /** Name of the file of a delivery; sorts by age. */
    public static String name(Stamp stamp) {
        return prefix(
                        stamp.epoch().ordinal(),
                        stamp.epoch().nonce(),
                        stamp.lane().wireName())
                + String.format(Locale.ROOT, "%019d", stamp.from());
    }

    static String prefix(long ordinal, String nonce, String lane) {
        return String.format(Locale.ROOT, "%010d", ordinal) + "-" + nonce + "-" + lane + "-";
    }

    /** The lane that a name says. */
    public static Lane lane(String name) {
        String[] parts = name.split("-", -1);
        if (parts.length != 4) {
            throw new PortException.Refused("parked.malformed", name + " is not the name of a parked event");
        }
        try {
            return Lane.ofWire(parts[2]);
        } catch (IllegalArgumentException e) {
            throw new PortException.Refused("parked.malformed", name + " names no lane", e);
        }
    }

    static byte[] write(Delivery delivery, PortException.Refused reason) {
        Message m = delivery.message();
        StringBuilder head = new StringBuilder();
        line(head, "code", reason.code());
        line(head, "reason", String.valueOf(reason.getMessage()));
        line(head, "subject", m.subject().text());
        line(head, "id", m.id());
        line(head, "created", m.created().toString());
        m.headers().forEach((name, value) -> line(head, HEADER, name + "=" + value));
        byte[] top = head.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        byte[] body = m.bytes();
        return ByteBuffer.allocate(top.length + body.length).put(top).put(body).array();
    }

    private static void line(StringBuilder head, String name, String value) {
        head.append(name)
                .append(": ")
                .append(value.replaceAll("[\\r\\n]+", " "))
                .append('\n');
    }

    /**
     * Reads a file.
     *
     * @throws PortException.Refused {@code parked.malformed}
     */
    public static ParkedFile read(String name, byte[] file) {
        Map<String, String> fields = new LinkedHashMap<>();
        Map<String, String> headers = new LinkedHashMap<>();
        int at = 0;
        while (at < file.length && file[at] != '\n') {
            int end = at;
            while (end < file.length && file[end] != '\n') {
                end++;
            }
            String line = new String(file, at, end - at, StandardCharsets.UTF_8);
            String[] parts = line.split(": ", 2);
            String value = parts.length == 2 ? parts[1] : "";
            if (parts[0].equals(HEADER) && value.contains("=")) {
                headers.put(value.substring(0, value.indexOf('=')), value.substring(value.indexOf('=') + 1));
            } else {
                fields.put(parts[0], value);
            }
            at = end + 1;
        }
        try {
            return new ParkedFile(
                    fields.getOrDefault("code", ""),
                    fields.getOrDefault("reason", ""),
                    new Message(
                            Subject.of(fields.getOrDefault("subject", "")),
                            fields.getOrDefault("id", ""),
                            headers,
                            ByteBuffer.wrap(
                                            file,
                                            Math.min(at + 1, file.length),
                                            file.length - Math.min(at + 1, file.length))
                                    .slice(),
                            Instant.parse(fields.getOrDefault("created", ""))));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new PortException.Refused("parked.malformed", name + " is not a parked event", e);
        }
    }
}
