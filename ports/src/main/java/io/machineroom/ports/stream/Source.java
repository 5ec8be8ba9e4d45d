package io.machineroom.ports.stream;

import io.machineroom.ports.Port;
import java.time.Duration;
import java.util.List;

/**
 * Reads a spool in order and remembers what was stored for good. One task uses a source.
 */
@Port
public interface Source extends AutoCloseable {
    /**
     * The next records in order, waiting up to {@code wait} for the first. Records already done are not
     * handed out again. Stops at either bound, but hands out at least one record when there is one.
     *
     * @throws io.machineroom.ports.PortException.Corrupted when the files cannot be read on
     */
    List<Delivery> read(int maxMessages, long maxBytes, Duration wait) throws InterruptedException;

    /** Reads again from behind the last commit. */
    void rewind();

    /**
     * Everything of the mark's epoch and lane through its number is stored for good. Durable on return.
     * Marks may repeat and may go back; only progress counts.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code mark.beyond} when the number was never
     *     assigned or the lineage is another; nothing changes
     */
    void commit(DoneMark mark);

    /** Numbers handed out or waiting that are not done yet, voids included. */
    long waiting();

    @Override
    void close();
}
