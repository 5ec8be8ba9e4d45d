package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.replica.ReadPlan;
import io.machineroom.ports.replica.StreamReader;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamStatusException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.AckPolicy;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.ConsumerInfo;
import io.nats.client.api.DeliverPolicy;
import io.nats.client.api.ReplayPolicy;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A pull consumer of somebody else's stream. One task uses it. */
final class NatsReader implements StreamReader {
    private static final System.Logger LOG = System.getLogger(NatsReader.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration GRACE = Duration.ofMillis(500);
    private static final Duration ACK_WAIT = Duration.ofSeconds(30);
    private static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(50);
    private static final long MAX_ACK_PENDING = 1_000;
    private static final int MAX_PULL = 64;
    private static final int NO_CONSUMER = 10014;
    private static final byte[] ACK = "+ACK".getBytes(StandardCharsets.US_ASCII);

    private final NatsRequests requests;
    private final JetStreamSubscription subscription;

    private NatsReader(NatsRequests requests, JetStreamSubscription subscription) {
        this.requests = requests;
        this.subscription = subscription;
    }

    static NatsReader open(NatsRequests requests, ReadPlan plan) {
        try {
            JetStreamManagement management = requests.connection().jetStreamManagement();
            ConsumerInfo existing = existing(management, plan);
            if (existing == null) {
                management.addOrUpdateConsumer(plan.stream(), wanted(plan, plan.start()));
            } else {
                takeOver(management, plan, existing);
            }
            JetStreamSubscription subscription = requests.connection()
                    .jetStream()
                    .subscribe(null, PullSubscribeOptions.fastBind(plan.stream(), plan.consumer()));
            return new NatsReader(requests, subscription);
        } catch (IOException | JetStreamApiException | IllegalStateException e) {
            throw NatsFaults.copying(plan.stream(), e);
        }
    }

    private static @Nullable ConsumerInfo existing(JetStreamManagement management, ReadPlan plan)
            throws IOException, JetStreamApiException {
        try {
            return management.getConsumerInfo(plan.stream(), plan.consumer());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_CONSUMER) {
                return null;
            }
            throw e;
        }
    }

    /**
     * What a reader before us was given and did not settle comes back after half a minute only, behind newer messages: a
     * consumer that waits for any, or is behind what we know, is made anew where all before it is settled.
     */
    private static void takeOver(JetStreamManagement management, ReadPlan plan, ConsumerInfo existing)
            throws IOException, JetStreamApiException {
        long settled = Math.max(plan.done(), existing.getAckFloor().getStreamSequence());
        boolean behind =
                existing.getNumAckPending() > 0 || existing.getDelivered().getStreamSequence() < plan.done();
        if (plan.ephemeral() || behind) {
            management.deleteConsumer(plan.stream(), plan.consumer());
            ReadPlan.StartAt start = plan.ephemeral() ? plan.start() : new ReadPlan.StartAt.Number(settled + 1);
            management.addOrUpdateConsumer(plan.stream(), wanted(plan, start));
        } else if (existing.getConsumerConfiguration().getMaxAckPending() < MAX_ACK_PENDING) {
            widen(management, plan, existing.getConsumerConfiguration());
        }
    }

    /** The original leaves a consumer that hands out one message at a time; where it stands is kept. */
    private static void widen(JetStreamManagement management, ReadPlan plan, ConsumerConfiguration existing)
            throws IOException {
        try {
            management.addOrUpdateConsumer(
                    plan.stream(),
                    ConsumerConfiguration.builder(existing)
                            .maxAckPending(MAX_ACK_PENDING)
                            .build());
        } catch (JetStreamApiException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    () -> "consumer " + plan.consumer() + " of " + plan.stream() + " stays slow, it cannot be changed: "
                            + e.getMessage());
        }
    }

    private static ConsumerConfiguration wanted(ReadPlan plan, ReadPlan.StartAt start) {
        ConsumerConfiguration.Builder builder = ConsumerConfiguration.builder()
                .durable(plan.consumer())
                .description(plan.description())
                .ackPolicy(AckPolicy.Explicit)
                .ackWait(ACK_WAIT)
                .maxAckPending(MAX_ACK_PENDING)
                .maxDeliver(-1)
                .replayPolicy(ReplayPolicy.Instant);
        if (!plan.filter().isEmpty()) {
            builder.filterSubject(plan.filter());
        }
        if (plan.ephemeral()) {
            builder.inactiveThreshold(FORGOTTEN_AFTER).memStorage(true).numReplicas(1);
        }
        return switch (start) {
            case ReadPlan.StartAt.All _ ->
                builder.deliverPolicy(DeliverPolicy.All).build();
            case ReadPlan.StartAt.New _ ->
                builder.deliverPolicy(DeliverPolicy.New).build();
            case ReadPlan.StartAt.Number number ->
                builder.deliverPolicy(DeliverPolicy.ByStartSequence)
                        .startSequence(number.number())
                        .build();
            case ReadPlan.StartAt.Time time ->
                builder.deliverPolicy(DeliverPolicy.ByStartTime)
                        .startTime(time.time().atZone(ZoneOffset.UTC))
                        .build();
        };
    }

    @Override
    public List<Read> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException {
        List<Read> out = new ArrayList<>();
        try {
            long deadline = System.nanoTime() + wait.toNanos();
            ready(maxMessages, maxBytes, out);
            if (out.isEmpty() && first(deadline, out)) {
                ready(maxMessages - 1, maxBytes, out);
            }
            if (out.isEmpty()) {
                requireConsumer();
            }
        } catch (IllegalStateException e) {
            if (out.isEmpty()) {
                throw fault(e);
            }
            LOG.log(System.Logger.Level.DEBUG, () -> "a pull ended early", e);
        }
        if (out.isEmpty() && requests.lost()) {
            throw fault(new IOException("the connection ended"));
        }
        return out;
    }

    /** Servers before 2.10 say nothing at all to a pull of a consumer that is gone. */
    private void requireConsumer() {
        if (requests.lost()) {
            return;
        }
        try {
            requests.connection()
                    .jetStreamManagement()
                    .getConsumerInfo(subscription.getStreamName(), subscription.getConsumerName());
        } catch (JetStreamApiException e) {
            if (e.getApiErrorCode() == NO_CONSUMER || e.getApiErrorCode() == NatsFaults.NO_STREAM) {
                throw gone(e);
            }
            throw fault(e);
        } catch (IOException e) {
            throw fault(e);
        }
    }

    private PortException.Unavailable gone(Exception fault) {
        return new PortException.Unavailable(
                "copy.consumer-gone",
                "the consumer of stream '" + subscription.getStreamName() + "' is not there any more",
                fault);
    }

    private PortException.Unavailable fault(Exception fault) {
        String stream = subscription.getStreamName();
        if (!requests.lost() && fault instanceof JetStreamStatusException) {
            return gone(fault);
        }
        return new PortException.Unavailable(
                "copy.source-lost", "stream '" + stream + "' cannot be read: " + fault, fault);
    }

    /** A bit at a time: large messages must not fill the memory. */
    private void ready(int max, long maxBytes, List<Read> into) throws InterruptedException {
        long bytes = 0;
        int left = max;
        while (left > 0 && bytes < maxBytes) {
            int before = into.size();
            int wanted = Math.min(left, MAX_PULL);
            if (pull(wanted, into) < wanted) {
                return;
            }
            left -= wanted;
            bytes += into.subList(before, into.size()).stream()
                    .mapToLong(r -> r.message().size())
                    .sum();
        }
    }

    /** How many came. The server ends its answer with a status, whatever it is, which the library gives as null. */
    private int pull(int wanted, List<Read> into) throws InterruptedException {
        subscription.pullNoWait(wanted);
        for (int i = 0; i < wanted; i++) {
            Message message = subscription.nextMessage(PATIENCE);
            if (message == null) {
                return i;
            }
            into.add(read(message));
        }
        return wanted;
    }

    private boolean first(long deadline, List<Read> into) throws InterruptedException {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.toMillis() < 1) {
            return false;
        }
        subscription.pullExpiresIn(1, left);
        Message message = subscription.nextMessage(left.plus(GRACE));
        if (message != null) {
            into.add(read(message));
        }
        return message != null;
    }

    private static Read read(Message message) {
        return new Read(
                NatsCopies.incoming(message.getSubject(), message.getHeaders(), message.getData()),
                message.metaData().streamSequence(),
                message.metaData().timestamp().toInstant(),
                message.getReplyTo());
    }

    @Override
    public void settle(List<Read> messages) throws InterruptedException {
        if (messages.isEmpty()) {
            return;
        }
        try {
            for (Read message : messages.subList(0, messages.size() - 1)) {
                requests.connection().publish(message.token(), ACK);
            }
            requests.ask(new NatsMessage(messages.getLast().token(), null, ACK), PATIENCE);
        } catch (IllegalStateException | IOException | TimeoutException e) {
            throw fault(e);
        }
    }

    @Override
    public void close() {
        if (subscription.isActive() && !requests.lost()) {
            subscription.unsubscribe();
        }
    }
}
