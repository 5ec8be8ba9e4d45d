package io.machineroom.ports.spool.kit;

import io.machineroom.ports.stream.Lane;

/**
 * The directory of one spool, which this process holds: whoever makes it has refused a second one. The spool calls it
 * {@linkplain Turns alone}; errors are as in {@link LaneStore}.
 */
public interface SpoolStore extends AutoCloseable {
    /** The ledger as it was saved last; a new one in a new directory. Asked once, at opening. */
    Ledger ledger();

    /** Replaces the saved ledger, all or none; durable on return. */
    void save(Ledger ledger);

    /** The files of a lane. */
    LaneStore lane(Lane lane);

    /** Bytes that are free on the disk. */
    long freeBytes();

    /** Lets go of the files and of the directory. Never fails. */
    @Override
    void close();
}
