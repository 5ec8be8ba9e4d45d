package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.Subject;
import io.nats.client.impl.NatsMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Publishes into the intake stream of the account, below the node's own prefix. When message k failed
 * and k+1 is stored already, the receiver puts them in order.
 */
final class JetStreamSink implements Sink {
    /** The stream that takes what nodes send. */
    static final String STREAM = "MR_INTAKE";
    /** The one that takes lane urgent where it has its own: at a site. */
    private static final String URGENT_STREAM = "MR_URGENT";

    private static final Set<String> STREAMS = Set.of(STREAM, URGENT_STREAM);

    private static final int DEPTH = 2;

    private final NatsRequests requests;
    private final String user;
    private final StampHeaders headers = new StampHeaders(STREAM);
    private @Nullable StreamWindow before;
    private @Nullable Subject lastSubject;
    private boolean lastUrgent;
    private String lastBelow = "";

    JetStreamSink(NatsRequests requests, String user) {
        this.requests = requests;
        this.user = user;
    }

    @Override
    public int depth() {
        return DEPTH;
    }

    @Override
    public Receipt append(List<Delivery> batch, int resend) throws InterruptedException {
        Outgoing outgoing = outgoing(batch, resend);
        return receipt(new StreamWindow(requests, STREAMS, outgoing.messages(), 1), outgoing.unsendable());
    }

    @Override
    public Sending begin(List<Delivery> batch, int resend) {
        Outgoing outgoing = outgoing(batch, resend);
        StreamWindow window = new StreamWindow(requests, STREAMS, outgoing.messages(), DEPTH);
        StreamWindow last = before;
        if (last == null || last.isSent()) {
            window.fill();
        }
        before = window;
        return () -> receipt(window, outgoing.unsendable());
    }

    private static Receipt receipt(StreamWindow window, @Nullable PortException unsendable)
            throws InterruptedException {
        StreamWindow.Taken taken = window.finish();
        PortException fault = taken.fault() == null ? unsendable : taken.fault();
        if (taken.accepted() == 0 && fault != null) {
            throw fault;
        }
        return new Receipt(taken.accepted(), taken.duplicates());
    }

    /** A batch in the library's form, up to the first that has none. */
    private record Outgoing(
            List<NatsMessage> messages, @Nullable PortException unsendable) {}

    private Outgoing outgoing(List<Delivery> batch, int resend) {
        List<NatsMessage> messages = new ArrayList<>(batch.size());
        for (Delivery delivery : batch) {
            try {
                messages.add(new NatsMessage(
                        below(delivery),
                        null,
                        headers.of(delivery, resend),
                        delivery.message().bytes()));
            } catch (IllegalArgumentException e) {
                return new Outgoing(
                        messages, NatsFaults.header(delivery.message().subject().text(), e));
            }
        }
        return new Outgoing(messages, null);
    }

    /** Most events in a row have the same subject. */
    private String below(Delivery delivery) {
        Subject subject = delivery.message().subject();
        boolean urgent = delivery.stamp().lane() == Lane.URGENT;
        if (!subject.equals(lastSubject) || urgent != lastUrgent) {
            lastBelow = subject.under((urgent ? "mu." : "mr.") + user).text();
            lastSubject = subject;
            lastUrgent = urgent;
        }
        return lastBelow;
    }
}
