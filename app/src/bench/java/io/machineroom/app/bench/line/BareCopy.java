package io.machineroom.app.bench.line;

import io.machineroom.app.bench.BrokerAccess;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamSubscription;
import io.nats.client.Message;
import io.nats.client.PullSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.PublishAck;
import io.nats.client.impl.NatsMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** The least that copies a stream into another without a loss, by the library alone: pull, publish, acknowledge what is stored. */
final class BareCopy {
    private static final int PULL = 256;
    private static final int WINDOW = 4_096;

    private final BrokerAccess site;
    private final BrokerAccess saas;
    private volatile boolean stopped;
    private @Nullable Thread thread;

    private record Sent(Message from, CompletableFuture<PublishAck> answer) {}

    BareCopy(BrokerAccess site, BrokerAccess saas) {
        this.site = site;
        this.saas = saas;
    }

    String start() {
        thread = Thread.ofVirtual().name("bare").start(this::run);
        return "begun";
    }

    void stop() throws InterruptedException {
        stopped = true;
        Thread now = thread;
        if (now != null) {
            now.join();
        }
    }

    private void run() {
        try {
            Connection from = site.bare();
            Connection to = saas.bare();
            copy(from, to);
            from.close();
            to.close();
        } catch (IOException | InterruptedException | JetStreamApiException | ExecutionException e) {
            throw new IllegalStateException("the bare copy failed", e);
        }
    }

    private void copy(Connection from, Connection to)
            throws IOException, InterruptedException, JetStreamApiException, ExecutionException {
        PullSubscribeOptions options = PullSubscribeOptions.builder().stream("BARE")
                .durable("copy")
                .configuration(ConsumerConfiguration.builder()
                        .ackWait(Duration.ofMinutes(1))
                        .maxAckPending(5_000)
                        .build())
                .build();
        JetStreamSubscription all = from.jetStream().subscribe("bare.>", options);
        Deque<Sent> window = new ArrayDeque<>();
        while (!stopped) {
            for (Message message : all.fetch(PULL, Duration.ofMillis(100))) {
                NatsMessage copy = new NatsMessage(message.getSubject(), null, message.getHeaders(), message.getData());
                window.add(new Sent(message, to.jetStream().publishAsync(copy)));
            }
            while (window.size() > WINDOW
                    || !window.isEmpty() && window.peek().answer().isDone()) {
                Sent first = window.remove();
                first.answer().get();
                first.from().ack();
            }
        }
    }
}
