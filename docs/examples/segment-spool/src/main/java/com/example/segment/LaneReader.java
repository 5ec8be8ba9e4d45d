package com.example.segment;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** Makes deliveries of what a lane holds. Under the spool's lock. */
final class LaneReader {
    private final LaneLog log;
    private final Epochs epochs;
    private final Segments.Window window;

    LaneReader(LaneLog log, Epochs epochs) {
        this.log = log;
        this.epochs = epochs;
        this.window = log.segments().new Window();
    }

    Lane lane() {
        return log.lane();
    }

    /** What comes at or behind a place and is not done. */
    Optional<Delivery> read(Entry.Key from, LongUnaryOperator done) {
        return log.index().next(from, done).map(entry -> {
            Optional<Message> message = entry.isVoid() ? Optional.empty() : message(entry);
            return delivery(message.isPresent() || entry.isVoid() ? entry : entry.voided("damaged"), message);
        });
    }

    /** What comes next in the lane. */
    static Entry.Key behind(Delivery delivery) {
        return new Entry.Key(
                delivery.stamp().epoch().ordinal(), delivery.stamp().through() + 1);
    }

    private Optional<Message> message(Entry entry) {
        try {
            Optional<Message> message = window.message(entry.spot());
            if (message.isEmpty()) {
                log.noteDamage();
            }
            return message;
        } catch (IOException e) {
            throw Store.disk("cannot read " + log.segments().file(entry.spot().segment()), e);
        }
    }

    private Delivery delivery(Entry entry, Optional<Message> message) {
        Epoch epoch = epochs.epoch(entry.epoch()).orElseThrow();
        Stamp stamp = new Stamp(
                epoch,
                epochs.previous(lane(), entry.epoch()).orElse(null),
                lane(),
                entry.from(),
                entry.through(),
                entry.isVoid() ? entry.cause() : null);
        String id = "void." + epoch.nonce() + "." + lane().wireName() + "." + entry.from();
        Message empty = new Message(Delivery.VOID_SUBJECT, id, Map.of(), ByteBuffer.allocate(0), Instant.EPOCH);
        return new Delivery(entry.position(), stamp, message.orElse(empty), 1);
    }
}
