package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Sink;
import java.util.List;

/** The sink of a simulated link. Stores in order and stops at the first that is not taken. */
final class SimSink implements Sink {
    private final SimLink link;

    SimSink(SimLink link) {
        this.link = link;
    }

    @Override
    public Receipt append(List<Delivery> batch, int resend) throws InterruptedException {
        return batch.isEmpty()
                ? new Receipt(0, 0)
                : link.ask("sink.timeout", SimLink.PATIENCE, () -> store(batch, resend));
    }

    private Receipt store(List<Delivery> batch, int resend) {
        int accepted = 0;
        int duplicates = 0;
        for (Delivery delivery : batch) {
            try {
                duplicates += one(delivery, resend).duplicate() ? 1 : 0;
                accepted++;
            } catch (PortException e) {
                if (accepted == 0) {
                    throw e;
                }
                return new Receipt(accepted, duplicates);
            }
        }
        return new Receipt(accepted, duplicates);
    }

    private SimStream.Ack one(Delivery delivery, int resend) {
        Message message = link.stamped(delivery);
        if (message.size() > SimStreams.MAX_PAYLOAD) {
            throw new PortException.Refused("sink.too-large", message.size() + " bytes");
        }
        String id = delivery.stamp().epoch().nonce() + "."
                + delivery.stamp().lane().wireName() + "." + delivery.stamp().from() + "." + resend + "."
                + message.id();
        return link.keep(message, id);
    }
}
