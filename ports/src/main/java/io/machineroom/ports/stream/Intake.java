package io.machineroom.ports.stream;

import io.machineroom.ports.Port;
import java.time.Duration;
import java.util.List;

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

    @Override
    void close();

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
