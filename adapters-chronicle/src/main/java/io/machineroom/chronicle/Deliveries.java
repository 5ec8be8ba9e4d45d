package io.machineroom.chronicle;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/** Records as readers get them. */
final class Deliveries {
    private Deliveries() {}

    static Delivery of(Item item, EpochTable epochs, Lane lane, int attempt) {
        long ordinal = item.head().ordinal();
        Epoch epoch = epochs.epoch(ordinal);
        if (epoch == null) {
            throw new PortException.Corrupted("spool.damaged", "epoch " + ordinal + " is not in the table");
        }
        Stamp stamp = new Stamp(
                epoch,
                epochs.previous(ordinal, lane),
                lane,
                item.head().from(),
                item.head().through(),
                item.head().voidCause());
        Message message = item.message();
        if (message == null) {
            message = empty(epoch, lane, stamp.from(), Instant.EPOCH);
        }
        return new Delivery(item.position(), stamp, message, attempt);
    }

    /** The message that stands for a void. */
    static Message empty(Epoch epoch, Lane lane, long from, Instant created) {
        String id = "void." + epoch.nonce() + "." + lane.wireName() + "." + from;
        return new Message(Delivery.VOID_SUBJECT, id, Map.of(), ByteBuffer.allocate(0), created);
    }
}
