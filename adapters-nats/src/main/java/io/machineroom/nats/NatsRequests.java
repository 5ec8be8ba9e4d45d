package io.machineroom.nats;

import io.machineroom.ports.PortException;
import io.nats.client.Connection;
import io.nats.client.JetStreamStatusException;
import io.nats.client.Message;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Requests over one connection; those that the server does not allow fail at once. Safe from any task. */
final class NatsRequests {
    private final Connection connection;
    private final NatsEvents events;
    private final Set<Flight> flights = ConcurrentHashMap.newKeySet();

    NatsRequests(Connection connection, NatsEvents events) {
        this.connection = connection;
        this.events = events;
        events.onDeniedPublish(this::denied);
    }

    /** The user of this connection may not do that. */
    static final class DeniedException extends IOException {
        private static final long serialVersionUID = 1L;

        DeniedException(String subject) {
            super("the permissions of this user do not allow '" + subject + "'");
        }
    }

    /** Nobody listens to that subject. */
    static final class NobodyException extends IOException {
        private static final long serialVersionUID = 1L;

        NobodyException(Throwable cause) {
            super("nobody listens there", cause);
        }
    }

    /** The connection ended before the answer. */
    static final class LostException extends IOException {
        private static final long serialVersionUID = 1L;

        LostException(Throwable cause) {
            super("the connection ended", cause);
        }
    }

    /** A request under way. Compared by identity. */
    private static final class Flight {
        private final String subject;
        private final CompletableFuture<Message> answer;

        Flight(String subject, CompletableFuture<Message> answer) {
            this.subject = subject;
            this.answer = answer;
        }
    }

    private void denied(String subject) {
        for (Flight flight : flights) {
            if (flight.subject.equals(subject)) {
                land(flight, null, new DeniedException(subject));
            }
        }
    }

    Connection connection() {
        return connection;
    }

    NatsEvents events() {
        return events;
    }

    boolean lost() {
        return events.lost() || connection.getStatus() != Connection.Status.CONNECTED;
    }

    /** Sends and leaves the waiting to the caller; {@link #await} does it. */
    CompletableFuture<Message> send(Message message, Duration timeout) {
        CompletableFuture<Message> answer = new CompletableFuture<>();
        // noted before it is sent: the refusal may be faster than the return of the call
        Flight flight = new Flight(message.getSubject(), answer);
        flights.add(flight);
        try {
            if (lost()) {
                throw new IllegalStateException("the connection ended");
            }
            var _ = connection
                    .requestWithTimeout(message, timeout)
                    .whenComplete((reply, fault) -> land(flight, reply, fault));
        } catch (IllegalStateException | NullPointerException e) {
            // a closed connection, a full outgoing queue, and a connection that closes just now, in this order
            land(flight, null, lost() ? new LostException(e) : e);
        }
        return answer;
    }

    private void land(Flight flight, @Nullable Message reply, @Nullable Throwable fault) {
        flights.remove(flight);
        if (reply != null) {
            flight.answer.complete(reply);
        } else if (fault != null) {
            flight.answer.completeExceptionally(fault);
        }
    }

    /** Waits until there is an answer or a fault, or for so long; {@link #await} tells which. */
    void settle(CompletableFuture<Message> answer, long nanos) throws InterruptedException {
        if (answer.isDone()) {
            return;
        }
        CountDownLatch settled = new CountDownLatch(1);
        var _ = answer.whenComplete((message, fault) -> settled.countDown());
        var _ = settled.await(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
    }

    /**
     * Waits for an answer.
     *
     * @throws DeniedException not allowed
     * @throws NobodyException nobody listens there
     * @throws LostException the connection ended
     * @throws TimeoutException no answer in time
     * @throws IOException anything else
     */
    Message await(CompletableFuture<Message> answer, long nanos)
            throws InterruptedException, TimeoutException, IOException {
        try {
            return answer.get(Math.max(nanos, 0), TimeUnit.NANOSECONDS);
        } catch (CancellationException e) {
            throw ended(e);
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    private IOException failed(ExecutionException fault) throws TimeoutException {
        return switch (fault.getCause()) {
            case IOException io -> io;
            case TimeoutException late -> throw late;
            case JetStreamStatusException status
            when status.getStatus().isNoResponders() -> new NobodyException(status);
            case CancellationException _ -> ended(fault);
            case null, default -> lost() ? new LostException(fault) : new IOException(fault);
        };
    }

    private IOException ended(Exception fault) throws TimeoutException {
        // the library cancels what waits when the connection ends, and what it finds to be late
        if (lost()) {
            return new LostException(fault);
        }
        throw (TimeoutException) new TimeoutException("no answer in time").initCause(fault);
    }

    Message ask(Message message, Duration timeout) throws InterruptedException, TimeoutException, IOException {
        return await(send(message, timeout), timeout.toNanos());
    }

    /** Waits until the server has handled all that was sent before. */
    void flush(Duration timeout) {
        try {
            connection.flush(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PortException.Unavailable("link.interrupted", "interrupted while talking to NATS", e);
        } catch (TimeoutException e) {
            throw new PortException.Unavailable("link.timeout", "the NATS server does not answer", e);
        } catch (IllegalStateException e) {
            throw new PortException.Unavailable("link.lost", "the NATS connection ended", e);
        }
    }
}
