package io.machineroom.ports.contract;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Position;
import io.machineroom.ports.stream.Stamp;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes numbered deliveries of one opening of a spool, for contracts and tests. One task uses it. */
public final class Deliveries {
    /** Encoding that the bodies claim; over HTTPS the two batch forms carry it. */
    public static final String CONTENT_TYPE = "application/cloudevents+protobuf";

    private static final Instant CREATED = Instant.parse("2026-02-03T04:05:06.123456789Z");

    private final Epoch epoch;
    private final Lane lane;
    private final Stamp.EpochEnd previous;
    private long next = 1;

    /** A fresh opening; the name goes into epoch and ids so that two of them never meet. */
    public Deliveries(String name, Lane lane) {
        String hex = String.format("%032x", new java.math.BigInteger(1, name.getBytes(StandardCharsets.UTF_8)));
        String digits = hex.substring(hex.length() - 32);
        this.epoch = new Epoch(digits, 2, new StringBuilder(digits).reverse().toString());
        this.previous = new Stamp.EpochEnd(new Epoch(digits, 1, digits.substring(16) + digits.substring(0, 16)), 41);
        this.lane = lane;
    }

    public Epoch epoch() {
        return epoch;
    }

    /** The next message with a small body that names its number. */
    public Delivery message() {
        return message("choria.machine.transition", ("body " + next).getBytes(StandardCharsets.UTF_8));
    }

    public Delivery message(String subject, byte[] body) {
        long number = next++;
        Message message = new Message(
                Subject.of(subject),
                epoch.nonce().substring(0, 8) + "-" + lane.wireName() + "-" + number,
                Map.of(Message.CONTENT_TYPE, CONTENT_TYPE),
                ByteBuffer.wrap(body),
                CREATED.plusSeconds(number));
        return delivery(message, Stamp.message(epoch, previous, lane, number));
    }

    /** A void over that many numbers. */
    public Delivery voided(int count, String cause) {
        long from = next;
        next += count;
        Message message = new Message(
                Delivery.VOID_SUBJECT, "void-" + from, Map.of(), ByteBuffer.allocate(0), CREATED.plusSeconds(from));
        return delivery(message, new Stamp(epoch, previous, lane, from, from + count - 1, cause));
    }

    public List<Delivery> messages(int count) {
        List<Delivery> out = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            out.add(message());
        }
        return out;
    }

    private static Delivery delivery(Message message, Stamp stamp) {
        return new Delivery(new Position(0, (int) stamp.from()), stamp, message, 1);
    }
}
