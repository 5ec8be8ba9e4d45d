package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.machineroom.ports.transport.Link;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * The subscriptions of one connection. All of them share one thread of the library, so a handler never
 * waits. Safe from any task.
 */
final class NatsEars {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final NatsRequests requests;
    private final Dispatcher dispatcher;

    NatsEars(NatsRequests requests) {
        this.requests = requests;
        this.dispatcher = requests.connection().createDispatcher();
    }

    /** Listens; the server knows of it on return, so nothing published afterwards is missed. */
    Link.Subscription listen(String subject, Consumer<Message> handler) {
        AtomicBoolean denied = new AtomicBoolean();
        Consumer<String> onDenied = text -> {
            if (text.equals(subject)) {
                denied.set(true);
            }
        };
        requests.events().onDeniedSubscribe(onDenied);
        try {
            Subscription subscription = dispatcher.subscribe(subject, handler::accept);
            requests.flush(PATIENCE);
            // the note of the library comes through another thread, perhaps late; its last error is there already
            if (denied.get()
                    || NatsEvents.deniesSubscription(requests.connection().getLastError(), subject)) {
                throw new PortException.Unavailable(
                        "link.denied", "the NATS user may not subscribe to '" + subject + "'");
            }
            return () -> end(subscription);
        } catch (IllegalStateException e) {
            throw new PortException.Unavailable("link.lost", "the NATS connection ended", e);
        } finally {
            requests.events().forgetDeniedSubscribe(onDenied);
        }
    }

    private void end(Subscription subscription) {
        if (subscription.isActive() && dispatcher.isActive()) {
            dispatcher.unsubscribe(subscription);
        }
    }
}
