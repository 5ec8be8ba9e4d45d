package io.machineroom.nats;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import io.nats.client.impl.Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the headers of a node's history ({@code docs/protocol.md} section 2) as the lines that go onto the wire. What is
 * the same for all messages of an epoch and lane is made once. One task.
 */
final class StampHeaders {
    private final String stream;
    private final HeaderLines lines = new HeaderLines();
    private @Nullable Run run;

    StampHeaders(String stream) {
        this.stream = stream;
    }

    /** What all messages of an epoch and lane share. */
    private record Run(Epoch epoch, Lane lane, Stamp.@Nullable EpochEnd previous, String lines, String id) {
        boolean holds(Stamp stamp) {
            return lane == stamp.lane()
                    && epoch.equals(stamp.epoch())
                    && java.util.Objects.equals(previous, stamp.previous());
        }
    }

    /**
     * The headers of one entry.
     *
     * @throws IllegalArgumentException when a name or value cannot stand in a header
     */
    Headers of(Delivery delivery, int resend) {
        Stamp stamp = delivery.stamp();
        Message message = delivery.message();
        Run shared = run(stamp);
        lines.begin();
        for (Map.Entry<String, String> header : message.headers().entrySet()) {
            // reserved names: those of NATS would act again, ours are written below
            if (!header.getKey().startsWith("Nats-") && !header.getKey().startsWith("Mr-")) {
                lines.add(header.getKey(), header.getValue());
            }
        }
        lines.add(NatsMessages.ID, message.id());
        lines.add(NatsMessages.CREATED, message.created().toString());
        StringBuilder line = lines.open();
        line.append(shared.lines()).append("Mr-Number:").append(stamp.from());
        if (stamp.isVoid()) {
            line.append('-').append(stamp.through()).append("\r\nMr-Void:").append(stamp.voidCause());
        }
        line.append("\r\n")
                .append(shared.id())
                .append(stamp.from())
                .append('.')
                .append(resend)
                .append('.')
                .append(message.id()) // two events on one number, of a clone, are two messages
                .append("\r\n");
        return lines.finish();
    }

    private Run run(Stamp stamp) {
        Run now = run;
        if (now == null || !now.holds(stamp)) {
            StringBuilder same = new StringBuilder();
            if (stamp.lane() != Lane.URGENT) { // which stream takes those is for the other end to say
                same.append("Nats-Expected-Stream:").append(stream).append("\r\n");
            }
            same.append("Mr-Epoch:").append(stamp.epoch().wire());
            if (stamp.previous() != null) {
                same.append("\r\nMr-Previous:").append(stamp.previous().wire());
            }
            same.append("\r\nMr-Lane:").append(stamp.lane().wireName()).append("\r\n");
            String id = NatsMessages.MESSAGE_ID + ":" + stamp.epoch().nonce() + "."
                    + stamp.lane().wireName() + ".";
            now = new Run(stamp.epoch(), stamp.lane(), stamp.previous(), same.toString(), id);
            run = now;
        }
        return now;
    }
}
