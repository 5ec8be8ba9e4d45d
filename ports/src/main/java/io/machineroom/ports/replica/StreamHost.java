package io.machineroom.ports.replica;

import io.machineroom.ports.Port;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a NATS of somebody else. It never reconnects by itself: when it is no longer {@link #connected} its
 * owner closes it and connects anew. Safe from any task.
 */
@Port
public interface StreamHost extends AutoCloseable {
    boolean connected();

    /** URL of the server in use, without user. */
    String server();

    /**
     * What the server says of a stream; empty when there is none.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code copy.api}
     */
    Optional<StreamFacts> stream(String name) throws InterruptedException;

    /**
     * Makes a stream when it is missing: file storage, limits, nothing bounded. One that is there stays as it is.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code stream.config}
     * @throws io.machineroom.ports.PortException.Unavailable {@code copy.api}
     */
    void makeStream(String name, List<String> subjects) throws InterruptedException;

    /**
     * A reader; makes its consumer when there is none.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code copy.no-stream}, {@code copy.api}
     */
    StreamReader reader(ReadPlan plan) throws InterruptedException;

    /** The newest message of a stream, and its number; empty when it holds none. Errors as {@link #stream}. */
    Optional<StreamReader.Read> last(String stream) throws InterruptedException;

    /** The newest message of one subject of a stream, and its number; empty when it holds none. Errors as {@link #stream}. */
    Optional<StreamReader.Read> lastOf(String stream, String subject) throws InterruptedException;

    /**
     * Publishes in order, with all of them on their way at once, and waits for the acknowledgements. Blocks at most
     * ten seconds.
     *
     * @param stream that has to acknowledge; empty for any
     */
    Written write(List<CopyMessage> messages, String stream) throws InterruptedException;

    /** Publishes without waiting for anybody. */
    void publish(CopyMessage message);

    /** Receives what others publish to a subject; a full mailbox drops the newest. */
    Link.Subscription subscribe(String subject, Mailbox<CopyMessage> into);

    /** A bucket by its name; not created. */
    Bucket bucket(String name);

    /** Flushes for at most two seconds and closes. Idempotent. */
    @Override
    void close();

    /**
     * What came of a batch.
     *
     * @param accepted length of the acknowledged prefix
     * @param duplicates how many of it the stream knew by their id
     * @param fault why the next one was not taken, when not all were
     */
    record Written(int accepted, int duplicates, @Nullable PortException fault) {}
}
