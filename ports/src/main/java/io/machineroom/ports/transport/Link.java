package io.machineroom.ports.transport;

import io.machineroom.ports.Port;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.SignedMark;
import io.machineroom.ports.stream.Sink;
import io.machineroom.ports.stream.SiteSink;
import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.Map;

/**
 * One connection to an endpoint. Safe from any task. A link never reconnects by itself: when it is no
 * longer {@link State#CONNECTED} its owner closes it and connects anew, because a reconnect is a new
 * link (architecture 2.22).
 *
 * <p>What a transport cannot do it refuses with {@code link.unsupported}.
 */
@Port
public interface Link extends AutoCloseable {
    State state();

    /** For status and logs: URL of the server in use, without user info. */
    String server();

    /** Towards the SaaS, for this node. */
    Sink sink();

    /** From now on receipts for this node go to the mailbox; a full mailbox drops the older ones. */
    void receipts(Mailbox<SignedMark> into);

    /**
     * Towards the SaaS, for all nodes of a site; only its leader may.
     *
     * @param site name of the site
     */
    default SiteSink siteSink(String site) {
        throw new PortException.Refused("link.unsupported", "this way takes nothing from sites");
    }

    /**
     * From now on receipts for nodes of the site go to the mailbox, as they came; a full mailbox drops the older ones. Only
     * the leader of the site may.
     */
    default Subscription siteReceipts(String site, Mailbox<SignedMark> into) {
        throw new PortException.Refused("link.unsupported", "this way brings no receipts for sites");
    }

    /** A bucket by its name; not created. */
    Bucket bucket(String name);

    /** The governors of the broker at the other end; NATS only. */
    default Slots slots() {
        throw new PortException.Refused("link.unsupported", "this way has no governors: they need NATS");
    }

    /**
     * Asks and waits for the answer. Over HTTPS a POST of a JSON body to {@code /v1/<name>}; over NATS a
     * request to the subject {@code name}.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code link.timeout} and the like
     * @throws io.machineroom.ports.PortException.Refused with the code that the other side answered
     */
    byte[] request(String name, byte[] body, Duration timeout) throws InterruptedException;

    /** Publishes without waiting for anybody; NATS only. */
    void publish(Message message);

    /** Publishes into a stream and waits until it has them all, in order; NATS only. */
    void store(java.util.List<Message> messages) throws InterruptedException;

    /** Receives what is published to a subject; a full mailbox drops the newest; NATS only. */
    Subscription subscribe(Subject pattern, Mailbox<Message> into);

    /**
     * Creates the stream, or brings it to the spec and reads the result back; NATS only. Returns the number of its
     * newest message, 0 when it never had one; smaller than before after the server lost what it had not synced.
     */
    default long ensureStream(StreamSpec spec) {
        return ensureStream(spec, 0);
    }

    /**
     * The same on that many servers of a cluster; NATS only.
     *
     * @param replicas 1 to 5; 0: as it is, one for a new one
     */
    long ensureStream(StreamSpec spec, int replicas);

    /** Creates the bucket when missing: history 1, file storage; NATS only. */
    default void ensureBucket(String name) {
        ensureBucket(name, 0);
    }

    /**
     * The same on that many servers of a cluster; NATS only.
     *
     * @param replicas 1 to 5; 0: as it is, one for a new one
     */
    void ensureBucket(String name, int replicas);

    /**
     * Whether all that is kept on several servers of a cluster is complete at each of them; true where there is one server. NATS
     * only.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code stream.unreachable}
     */
    default boolean copiesCurrent() throws InterruptedException {
        throw new PortException.Refused("link.unsupported", "this way tells nothing of copies");
    }

    /** Work-queue consumer on a stream, created when missing; NATS only. */
    Intake intake(String stream, String consumer);

    /** Flushes for at most two seconds and closes. Idempotent. */
    @Override
    void close();

    /** What a link is. */
    enum State {
        CONNECTED,
        LOST,
        CLOSED
    }

    /** Something that can be ended; ending twice is fine. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }

    /** Facts of a link for logs, such as {@code tls=TLSv1.3}; never a secret. */
    default Map<String, String> facts() {
        return Map.of();
    }
}
