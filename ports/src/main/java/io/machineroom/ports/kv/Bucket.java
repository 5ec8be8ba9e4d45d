package io.machineroom.ports.kv;

import io.machineroom.ports.Port;
import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.time.Instant;
import java.util.List;
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
     * Removes the value of a revision; false, and nothing is removed, when the revision moved on.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code link.unsupported} where a way cannot
     */
    default boolean delete(String key, long revision) throws InterruptedException {
        throw unsupported("removes no single revision");
    }

    /**
     * The changes of a key that the bucket still has, oldest first; of more than 1,000 the newest.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code link.unsupported} where a way cannot
     */
    default List<Change> history(String key) throws InterruptedException {
        throw unsupported("does not tell the past of a key");
    }

    /**
     * What the server says of the bucket.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code link.unsupported} where a way cannot
     */
    default BucketFacts facts() throws InterruptedException {
        throw unsupported("tells nothing about a bucket");
    }

    /**
     * Makes the bucket when it is missing; one that is there stays as it is. Returns whether it was made.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code bucket.not-permitted}, {@code stream.config}; {@code
     *     link.unsupported} where a way cannot
     */
    default boolean make(BucketSpec spec) throws InterruptedException {
        throw unsupported("makes no buckets");
    }

    /**
     * Removes the bucket and all it holds.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code bucket.not-permitted}; {@code link.unsupported} where a way
     *     cannot
     */
    default void drop() throws InterruptedException {
        throw unsupported("removes no buckets");
    }

    private static PortException.Refused unsupported(String what) {
        return new PortException.Refused("link.unsupported", "this way " + what + "; it works over NATS only");
    }

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

    /**
     * A change with its time.
     *
     * @param entry what it left
     * @param at when the server took it
     */
    record Change(Entry entry, Instant at) {}
}
