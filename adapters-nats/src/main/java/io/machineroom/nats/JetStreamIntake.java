package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Intake;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullRequestOptions;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamState;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** A durable pull consumer of a work queue. One task uses it. */
final class JetStreamIntake implements Intake {
    private static final System.Logger LOG = System.getLogger(JetStreamIntake.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final long MAX_ACK_PENDING = 5_000;
    private static final long MAX_BYTES = 4L << 20;
    /** What a server counts besides a message's own bytes: subjects. */
    private static final long AROUND_A_MESSAGE = 64L << 10;

    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NAK = "-NAK".getBytes(StandardCharsets.US_ASCII);

    private final NatsRequests requests;
    private final JetStreamSubscription subscription;

    private JetStreamIntake(NatsRequests requests, JetStreamSubscription subscription) {
        this.requests = requests;
        this.subscription = subscription;
    }

    static JetStreamIntake open(NatsRequests requests, String stream, String consumer, Duration ackWait) {
        ConsumerConfiguration wanted = ConsumerConfiguration.builder()
                .durable(consumer)
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(ackWait)
                .maxAckPending(MAX_ACK_PENDING)
                .maxDeliver(-1)
                .build();
        try {
            requests.connection().jetStreamManagement().addOrUpdateConsumer(stream, wanted);
            JetStreamSubscription subscription =
                    requests.connection().jetStream().subscribe(null, PullSubscribeOptions.fastBind(stream, consumer));
            return new JetStreamIntake(requests, subscription);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw fault(stream, e);
        }
    }

    private static PortException fault(String stream, Exception fault) {
        if (fault instanceof JetStreamApiException api && api.getApiErrorCode() == NatsFaults.NO_STREAM) {
            return new PortException.Unavailable("intake.missing", "there is no stream '" + stream + "'", fault);
        }
        return new PortException.Unavailable(
                "intake.unreachable", "stream '" + stream + "' cannot be read: " + fault, fault);
    }

    @Override
    public List<Arrival> read(int maxMessages, Duration wait) throws InterruptedException {
        List<Arrival> out = new ArrayList<>();
        try {
            long deadline = System.nanoTime() + wait.toNanos();
            ready(maxMessages, out);
            if (out.isEmpty() && first(deadline, out)) {
                ready(maxMessages - 1, out);
            }
        } catch (IllegalStateException e) {
            throw fault(subscription.getStreamName(), e);
        }
        if (out.isEmpty() && requests.lost()) {
            throw fault(subscription.getStreamName(), new IOException("the connection ended"));
        }
        return out;
    }

    /**
     * Takes what is there, up to a number of bytes: large messages of one node must not fill the memory of all. The server ends
     * its answer with a status, which the library gives as null.
     */
    private void ready(int max, List<Arrival> into) throws InterruptedException {
        if (max == 0) {
            return;
        }
        long bytes = Math.max(MAX_BYTES, requests.connection().getMaxPayload() + AROUND_A_MESSAGE);
        subscription.pull(PullRequestOptions.noWait(max).maxBytes(bytes).build());
        for (int i = 0; i < max; i++) {
            Message message = subscription.nextMessage(PATIENCE);
            if (message == null) {
                return;
            }
            arrival(message, into);
        }
    }

    /** Waits for one; a pull that is answered or has expired leaves nothing behind at the server. */
    private boolean first(long deadline, List<Arrival> into) throws InterruptedException {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.toMillis() < 1) {
            return false;
        }
        subscription.pullExpiresIn(1, left);
        Message message = subscription.nextMessage(left.plus(GRACE));
        if (message != null) {
            arrival(message, into);
        }
        return message != null;
    }

    private static void arrival(Message message, List<Arrival> into) {
        try {
            io.machineroom.ports.stream.Message read = NatsMessages.incoming(
                    message, message.metaData().timestamp().toInstant());
            into.add(new Arrival(
                    read,
                    message.metaData().streamSequence(),
                    message.getReplyTo(),
                    NatsMessages.header(message, NatsMessages.MESSAGE_ID)));
        } catch (IllegalArgumentException e) {
            // nobody could ever deal with it, and it must not keep the others out
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "message " + message.metaData().streamSequence() + " of "
                            + message.metaData().getStream() + " has an impossible subject and is dropped");
            message.term();
        }
    }

    @Override
    public void settle(List<Arrival> arrivals) throws InterruptedException {
        answer(arrivals, ACK);
    }

    @Override
    public void release(List<Arrival> arrivals) throws InterruptedException {
        answer(arrivals, NAK);
    }

    /** Answers all; the last one asks for the word of the server that it came, and so did those before. */
    private void answer(List<Arrival> arrivals, byte[] word) throws InterruptedException {
        if (arrivals.isEmpty()) {
            return;
        }
        try {
            for (Arrival arrival : arrivals.subList(0, arrivals.size() - 1)) {
                requests.connection().publish(arrival.token(), word);
            }
            requests.ask(new NatsMessage(arrivals.getLast().token(), null, word), PATIENCE);
        } catch (IllegalStateException | IOException | TimeoutException e) {
            throw fault(subscription.getStreamName(), e);
        }
    }

    @Override
    public Backlog backlog() {
        String stream = subscription.getStreamName();
        try {
            StreamState state = requests.connection()
                    .jetStreamManagement()
                    .getStreamInfo(stream)
                    .getStreamState();
            Optional<Instant> oldest = state.getMsgCount() == 0
                    ? Optional.empty()
                    : Optional.ofNullable(state.getFirstTime()).map(java.time.ZonedDateTime::toInstant);
            return new Backlog(state.getMsgCount(), state.getByteCount(), oldest);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw fault(stream, e);
        }
    }

    @Override
    public void close() {
        if (subscription.isActive() && !requests.lost()) {
            subscription.unsubscribe();
        }
    }
}
