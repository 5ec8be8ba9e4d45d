package io.machineroom.ports.store;

import io.machineroom.ports.Port;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Stamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The backplane's own durable record of everything it stored: events, voids and the order in which it
 * took them. One task appends; any number of readers follow.
 */
@Port
public interface EventLog extends AutoCloseable {
    /** Random name of this log, made with its directory: 32 lower-case hex digits. */
    String storeId();

    /**
     * Appends entries in order with one sync; all or none; durable on return.
     *
     * @return the index of the first entry; the others follow by one each
     * @throws io.machineroom.ports.PortException.Unavailable {@code log.disk}
     */
    long append(List<Entry> entries) throws InterruptedException;

    /** Index of the next entry to be appended; the first entry ever has index 0. */
    long end();

    /** Index of the oldest entry still held. */
    long start();

    /** A reader that begins with the entry at {@code fromIndex}, or the oldest after it. */
    Reader reader(long fromIndex);

    /**
     * Saves a state that covers every entry below {@code index}, atomically and durably, so that a start
     * need not read the whole log. At most 64 MiB.
     */
    void saveSnapshot(long index, byte[] state);

    /** The newest readable snapshot. */
    Optional<Snapshot> snapshot();

    /** Frees the space of entries below {@code index}, where a snapshot covers them. */
    void trim(long index);

    @Override
    void close();

    /**
     * One stored event or void.
     *
     * @param customer customer name
     * @param site site name, empty when none
     * @param identity node identity
     * @param nodeKey the node's NATS user nkey, {@code U…}
     * @param stamp place in the node's history
     * @param message subject without the node's prefix, headers, body; empty body for a void
     * @param received wall time at which it was taken in
     */
    record Entry(
            String customer,
            String site,
            String identity,
            String nodeKey,
            Stamp stamp,
            Message message,
            Instant received) {}

    /** An entry with its index. */
    record Stored(long index, Entry entry) {}

    /** A saved state; covers the entries below {@code index}. */
    record Snapshot(long index, byte[] state) {}

    /** Follows the log. One task uses a reader. */
    interface Reader extends AutoCloseable {
        /** The next entries in order, waiting up to {@code wait} for the first. */
        List<Stored> read(int maxEntries, Duration wait) throws InterruptedException;

        @Override
        void close();
    }
}
