package io.machineroom.ports.kv;

import io.machineroom.ports.Port;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.util.Optional;

/**
 * Keys with revisions. Safe from any task. Values are at most 1 MiB.
 *
 * <p>Every call may throw {@code PortException.Unavailable} ({@code bucket.unreachable},
 * {@code bucket.missing}); writes through a read-only way are {@code Refused("bucket.read-only")}.
 */
@Port
public interface Bucket {
    /** The current value; empty when absent or deleted. */
    Optional<Entry> get(String key) throws InterruptedException;

    /** Sets a value whatever is there and returns its revision. */
    long put(String key, byte[] value) throws InterruptedException;

    /** Sets the first value; empty when somebody was first. */
    Optional<Long> create(String key, byte[] value) throws InterruptedException;

    /** Replaces the value of a revision; empty when the revision moved on. */
    Optional<Long> update(String key, byte[] value, long revision) throws InterruptedException;

    void delete(String key) throws InterruptedException;

    /**
     * Sends changes of a key to the mailbox, beginning with the next change or earlier. May repeat, may
     * skip values that were replaced at once, and says nothing about what was lost with the link: a
     * watcher is a wake-up, {@link #get} is the truth.
     */
    Link.Subscription watch(String key, Mailbox<Entry> into);

    /**
     * One value.
     *
     * @param key the key
     * @param value the bytes; empty for a deletion
     * @param revision grows with each change of the bucket
     * @param deleted whether this is a deletion
     */
    record Entry(String key, byte[] value, long revision, boolean deleted) {}
}
