package io.machineroom.domain.spooling;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Map;

/** An event on its way from whoever made it to the task that spools it. */
record HandedOver(Lane lane, Message message, Runnable whenDurable) {
    private static final System.Logger LOG = System.getLogger(Outbox.class.getName());

    static final HandedOver WAKE = new HandedOver(
            Lane.NORMAL,
            new Message(Delivery.VOID_SUBJECT, "wake", Map.of(), ByteBuffer.allocate(0), Instant.EPOCH),
            () -> {});

    /** Weight in the hand-over: the body and a guess for the rest. */
    long size() {
        return message.size() + 256L;
    }

    boolean isWake() {
        return message.id().equals("wake") && message.size() == 0;
    }

    /** Tells who asked that it is durable. */
    void tell() {
        try {
            whenDurable.run();
        } catch (RuntimeException broken) {
            LOG.log(System.Logger.Level.ERROR, "a listener of event " + message.id() + " failed", broken);
        }
    }
}
