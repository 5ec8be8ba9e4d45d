package com.example.segment;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Position;
import io.machineroom.ports.stream.Stamp;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A record of a lane as a cursor found it, or the lack of one.
 *
 * @param position where it starts
 * @param numbers its numbers
 * @param cause why they are void; empty for a message
 * @param message the message, when there is one
 * @param clock when it was written, on the spool's clock; -1 where nobody knows
 * @param after the place behind it
 */
record Item(
        Position position, Frame.Numbers numbers, String cause, Optional<Message> message, long clock, Place after) {
    Item voided(String why) {
        return new Item(position, numbers, why, Optional.empty(), clock, after);
    }

    Item endingAt(Place place) {
        return new Item(position, numbers, cause, message, clock, place);
    }

    Delivery delivery(Lane lane, Epochs epochs, int attempt) {
        Epoch epoch = epochs.epoch(numbers.epoch())
                .orElseThrow(() -> Store.damaged("epoch " + numbers.epoch() + " is not in the table"));
        Stamp stamp = new Stamp(
                epoch,
                epochs.previous(numbers.epoch(), lane).orElse(null),
                lane,
                numbers.from(),
                numbers.through(),
                cause.isEmpty() ? null : cause);
        return new Delivery(position, stamp, message.orElseGet(() -> empty(epoch, lane, numbers.from())), attempt);
    }

    /** The message that stands for a void. */
    static Message empty(Epoch epoch, Lane lane, long from) {
        String id = "void." + epoch.nonce() + "." + lane.wireName() + "." + from;
        return new Message(Delivery.VOID_SUBJECT, id, Map.of(), ByteBuffer.allocate(0), Instant.EPOCH);
    }
}
