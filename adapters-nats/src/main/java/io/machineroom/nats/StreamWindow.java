package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a batch into a stream with a bounded number of unanswered messages and counts the
 * acknowledged prefix. One task uses it, once: {@link #fill} if it likes, then {@link #finish}.
 */
final class StreamWindow {
    /** How long a whole batch may take. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Bound NODE = new Bound(512, 1 << 20);
    /** A leader speaks for many nodes, and over lines with a distance. */
    static final Bound SITE = new Bound(4_000, 4 << 20);

    private final NatsRequests requests;
    private final Set<String> streams;
    private final List<StreamAck> acks;
    private final List<NatsMessage> batch;
    private final Bound bound;
    private final long limit;
    private final Deque<Sent> window = new ArrayDeque<>();
    private long windowBytes;
    private int sent;
    private long deadline;
    private @Nullable PortException unsendable;

    /**
     * A window.
     *
     * @param streams those that may answer; none for any
     * @param share how many windows share the bound of unanswered messages
     */
    StreamWindow(NatsRequests requests, Set<String> streams, List<NatsMessage> batch, int share) {
        this(requests, streams, batch, NODE.shared(share));
    }

    StreamWindow(NatsRequests requests, Set<String> streams, List<NatsMessage> batch, Bound bound) {
        this.requests = requests;
        this.streams = streams;
        this.acks = streams.stream().map(StreamAck::new).toList();
        this.batch = batch;
        this.bound = bound;
        this.limit = requests.connection().getMaxPayload();
    }

    /** Most that is not answered. */
    record Bound(int messages, long bytes) {
        Bound shared(int windows) {
            return new Bound(messages / windows, bytes / windows);
        }
    }

    /** What came of a batch: acknowledged prefix, known ones in it, and what ended it before its end. */
    record Taken(int accepted, int duplicates, @Nullable PortException fault) {}

    private record Sent(String subject, long bytes, CompletableFuture<Message> answer) {}

    /** Whether nothing is left to send. */
    boolean isSent() {
        return sent == batch.size() || unsendable != null;
    }

    /** Sends as much as has room; waits for nobody. */
    void fill() {
        if (sent == 0) {
            deadline = System.nanoTime() + PATIENCE.toNanos();
        }
        while (!isSent() && hasRoom(batch.get(sent))) {
            unsendable = send(batch.get(sent));
            sent += unsendable == null ? 1 : 0;
        }
    }

    /** Sends the rest and waits for the acknowledgements. */
    Taken finish() throws InterruptedException {
        int accepted = 0;
        int duplicates = 0;
        while (accepted < batch.size()) {
            fill();
            settleLast();
            Sent first = window.poll();
            if (first == null) {
                return new Taken(accepted, duplicates, unsendable);
            }
            windowBytes -= first.bytes();
            try {
                duplicates += acknowledged(first) ? 1 : 0;
                accepted++;
            } catch (PortException e) {
                return new Taken(accepted, duplicates, e);
            }
        }
        return new Taken(accepted, duplicates, null);
    }

    /**
     * Answers come in order: when all is sent, whoever waits for the last one wakes up once a batch and not once a message.
     * What the answers say is looked at in order afterwards.
     */
    private void settleLast() throws InterruptedException {
        Sent last = window.peekLast();
        if (isSent() && last != null) {
            requests.settle(last.answer(), deadline - System.nanoTime());
        }
    }

    private boolean hasRoom(NatsMessage next) {
        return window.isEmpty() || (window.size() < bound.messages() && windowBytes + size(next) <= bound.bytes());
    }

    private @Nullable PortException send(NatsMessage message) {
        long size = size(message);
        if (limit > 0 && size > limit) {
            return NatsFaults.tooLarge(message.getSubject(), size, limit);
        }
        window.add(new Sent(message.getSubject(), size, requests.send(message, PATIENCE)));
        windowBytes += size;
        return null;
    }

    private static long size(NatsMessage message) {
        return message.getData().length + (long) message.getHeaders().serializedLength();
    }

    /** Waits for one acknowledgement; whether the stream knew the message already. */
    private boolean acknowledged(Sent first) throws InterruptedException {
        try {
            Message answer = requests.await(first.answer(), deadline - System.nanoTime());
            if (isPlain(answer)) {
                return false;
            }
            PublishAck full = StreamAck.read(answer);
            if (!streams.isEmpty() && !streams.contains(full.getStream())) {
                throw NatsFaults.noStream(first.subject());
            }
            return full.isDuplicate();
        } catch (IOException | TimeoutException | JetStreamApiException e) {
            throw NatsFaults.sink(first.subject(), e);
        }
    }

    private boolean isPlain(Message answer) {
        for (StreamAck ack : acks) {
            if (ack.isPlain(answer)) {
                return true;
            }
        }
        return false;
    }
}
