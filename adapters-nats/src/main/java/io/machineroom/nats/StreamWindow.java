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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Publishes a batch into a stream with a bounded number of unanswered messages and counts the
 * acknowledged prefix. One task uses it, once.
 */
final class StreamWindow {
    /** How long a whole batch may take. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int MAX_MESSAGES = 512;
    private static final long MAX_BYTES = 1024 * 1024;

    private final NatsRequests requests;
    private final String stream;
    private final Deque<Sent> window = new ArrayDeque<>();
    private long windowBytes;

    /**
     * A window.
     *
     * @param stream the one stream that may answer; empty for any
     */
    StreamWindow(NatsRequests requests, String stream) {
        this.requests = requests;
        this.stream = stream;
    }

    /** What came of a batch: acknowledged prefix, known ones in it, and what ended it before its end. */
    record Taken(int accepted, int duplicates, @Nullable PortException fault) {}

    private record Sent(String subject, long bytes, CompletableFuture<Message> answer) {}

    Taken publish(List<NatsMessage> batch) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        int sent = 0;
        int accepted = 0;
        int duplicates = 0;
        PortException unsendable = null;
        while (accepted < batch.size()) {
            while (unsendable == null && sent < batch.size() && hasRoom(batch.get(sent))) {
                unsendable = send(batch.get(sent));
                sent += unsendable == null ? 1 : 0;
            }
            Sent first = window.poll();
            if (first == null) {
                return new Taken(accepted, duplicates, unsendable);
            }
            windowBytes -= first.bytes();
            try {
                duplicates += acknowledged(first, deadline) ? 1 : 0;
                accepted++;
            } catch (PortException e) {
                return new Taken(accepted, duplicates, e);
            }
        }
        return new Taken(accepted, duplicates, null);
    }

    private boolean hasRoom(NatsMessage next) {
        return window.isEmpty() || (window.size() < MAX_MESSAGES && windowBytes + size(next) <= MAX_BYTES);
    }

    private @Nullable PortException send(NatsMessage message) {
        long limit = requests.connection().getMaxPayload();
        if (limit > 0 && size(message) > limit) {
            return NatsFaults.tooLarge(message.getSubject(), size(message), limit);
        }
        window.add(new Sent(message.getSubject(), size(message), requests.send(message, PATIENCE)));
        windowBytes += size(message);
        return null;
    }

    private static long size(NatsMessage message) {
        return message.getData().length + (long) message.getHeaders().serializedLength();
    }

    /** Waits for one acknowledgement; whether the stream knew the message already. */
    private boolean acknowledged(Sent sent, long deadline) throws InterruptedException {
        try {
            Message answer = requests.await(sent.answer(), deadline - System.nanoTime());
            PublishAck ack = new PublishAck(answer);
            if (!stream.isEmpty() && !stream.equals(ack.getStream())) {
                throw NatsFaults.noStream(sent.subject());
            }
            return ack.isDuplicate();
        } catch (IOException | TimeoutException | JetStreamApiException e) {
            throw NatsFaults.sink(sent.subject(), e);
        }
    }
}
