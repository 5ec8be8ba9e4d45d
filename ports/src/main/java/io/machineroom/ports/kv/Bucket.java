package io.machineroom.ports.kv;

import io.machineroom.ports.Port;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.util.Optional;
import java.util.Set;

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
     * The keys of the whole bucket, in no order. A key that was deleted may be among them: {@link #get} is the truth. At most
     * 100,000.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code bucket.too-many-keys}; {@code link.unsupported} where a way
     *     has no such question
     */
    default Set<String> keys() throws InterruptedException {
        throw new PortException.Refused("link.unsupported", "this way does not list the keys of a bucket");
    }

    /**
     * Sends the key of each change of the bucket to the mailbox, beginning with the next change or earlier. As with
     * {@link #watch}: a wake-up, nothing more. A full mailbox drops the newest.
     */
    default Link.Subscription watchAll(Mailbox<String> into) {
        throw new PortException.Refused("link.unsupported", "this way does not watch a whole bucket");
    }

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
