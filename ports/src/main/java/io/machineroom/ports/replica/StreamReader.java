package io.machineroom.ports.replica;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Reads a stream through a consumer of its own. One task uses it. */
public interface StreamReader extends AutoCloseable {
    /**
     * Takes what is there, and waits for the first message when there is none.
     *
     * @param maxMessages at most so many, from 1
     * @param maxBytes stops asking for more beyond so many bytes
     * @param wait for the first one
     * @return in the order of the stream; a message whose settlement did not reach the server comes again
     * @throws io.machineroom.ports.PortException.Unavailable {@code copy.consumer-gone} when the consumer is not there
     *     any more, {@code copy.source-lost}
     */
    List<Read> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException;

    /** Tells the server that these are dealt with; returns when it heard so. Errors as {@link #read}. */
    void settle(List<Read> messages) throws InterruptedException;

    /** Stops reading; the consumer stays. */
    @Override
    void close();

    /**
     * A message of a stream.
     *
     * @param message as it was stored
     * @param number in the stream, from 1
     * @param stored when the server took it
     * @param token for the settlement; belongs to the reader
     */
    record Read(CopyMessage message, long number, Instant stored, String token) {}
}
