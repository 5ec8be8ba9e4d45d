package io.machineroom.ports.stream;

import io.machineroom.ports.Port;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads a shared work-queue stream at the SaaS or at a site. What is not settled comes again. One task
 * uses an intake.
 */
@Port
public interface Intake extends AutoCloseable {
    /**
     * Up to {@code maxMessages} arrivals, waiting up to {@code wait} for the first. Fewer when they are large: what is
     * given at a time fits into memory beside that of others.
     */
    List<Arrival> read(int maxMessages, Duration wait) throws InterruptedException;

    /** These are dealt with: stored, known, or refused for good. */
    void settle(List<Arrival> arrivals) throws InterruptedException;

    /** These could not be dealt with now and may come again soon. */
    void release(List<Arrival> arrivals) throws InterruptedException;

    /**
     * How much waits in the stream: what was never read and what is not settled.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code intake.unreachable}
     */
    default Backlog backlog() throws InterruptedException {
        return new Backlog(0, 0, Optional.empty());
    }

    @Override
    void close();

    /**
     * What waits.
     *
     * @param messages their number
     * @param bytes their size
     * @param oldest when the oldest of them was stored, by the server's clock; empty when nothing waits
     */
    record Backlog(long messages, long bytes, Optional<Instant> oldest) {}

    /**
     * One message as it arrived.
     *
     * @param message subject, headers and body as published
     * @param sequence place in the stream
     * @param token how the adapter settles it; nobody else looks
     * @param messageId what {@code Nats-Msg-Id} was; empty when there was none
     */
    record Arrival(Message message, long sequence, String token, String messageId) {
        /** One without an id of its message. */
        public Arrival(Message message, long sequence, String token) {
            this(message, sequence, token, "");
        }
    }
}
