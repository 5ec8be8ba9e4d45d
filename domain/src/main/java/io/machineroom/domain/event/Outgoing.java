package io.machineroom.domain.event;

import io.machineroom.ports.event.Event;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Subject;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An event on its way to the outbox.
 *
 * @param subject where it goes
 * @param lane how urgent it is
 * @param event the event
 * @param plain its body where it travels as {@code application/json} and not as a CloudEvent; read-only
 * @param whenDurable run by the outbox's task once the spool has it for good; never when it was dropped
 */
public record Outgoing(Subject subject, Lane lane, Event event, Optional<ByteBuffer> plain, Runnable whenDurable) {
    public Outgoing {
        plain = plain.map(ByteBuffer::asReadOnlyBuffer);
    }

    public Outgoing(Subject subject, Lane lane, Event event) {
        this(subject, lane, event, Optional.empty(), () -> {});
    }

    /** The same with somebody who wants to know. */
    public Outgoing whenDurable(Runnable listener) {
        return new Outgoing(subject, lane, event, plain, listener);
    }

    /** The same as a plain JSON document. */
    public Outgoing plainly(byte[] json) {
        return new Outgoing(subject, lane, event, Optional.of(ByteBuffer.wrap(json)), whenDurable);
    }
}
