package io.machineroom.nats;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Sink;
import io.nats.client.impl.NatsMessage;
import java.util.List;

/**
 * Publishes into the intake stream of the account, below the node's own prefix. When message k failed
 * and k+1 is stored already, the receiver puts them in order.
 */
final class JetStreamSink implements Sink {
    /** The stream that takes what nodes send. */
    static final String STREAM = "MR_INTAKE";

    private final NatsRequests requests;
    private final String prefix;

    JetStreamSink(NatsRequests requests, String user) {
        this.requests = requests;
        this.prefix = "mr." + user;
    }

    @Override
    public Receipt append(List<Delivery> batch, int resend) throws InterruptedException {
        List<NatsMessage> outgoing =
                batch.stream().map(d -> outgoing(d, resend)).toList();
        StreamWindow.Taken taken = new StreamWindow(requests, STREAM).publish(outgoing);
        if (taken.accepted() == 0 && taken.fault() != null) {
            throw taken.fault();
        }
        return new Receipt(taken.accepted(), taken.duplicates());
    }

    private NatsMessage outgoing(Delivery delivery, int resend) {
        String subject = delivery.message().subject().under(prefix).text();
        return NatsMessages.outgoing(
                subject, delivery.message(), NatsMessages.stamped(delivery.stamp(), resend, STREAM));
    }
}
