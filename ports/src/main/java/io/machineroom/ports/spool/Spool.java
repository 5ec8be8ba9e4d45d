package io.machineroom.ports.spool;

import io.machineroom.ports.Port;
import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Epoch;
import io.machineroom.ports.stream.Lane;
import io.machineroom.ports.stream.Message;
import io.machineroom.ports.stream.Source;
import java.util.List;
import java.util.function.Predicate;

/**
 * The disk queue of one node. Appending is safe from any task; what returned has survived a power cut
 * unless the provider was told otherwise. One process owns a spool directory at a time.
 */
@Port
public interface Spool extends AutoCloseable {
    /** This opening. */
    Epoch epoch();

    /**
     * Appends messages in order and gives each the next number of the lane. All or none; durable on
     * return as {@link SpoolProvider.Durability} says. Concurrent calls share one sync. Where there is no room the
     * {@link LaneLimits} of the lane decide: with {@code DROP_NEWEST} the messages from the first that does not fit on
     * become one void, the last of what is returned. In lane {@code NEWEST} a message makes those before it with the
     * same subject void.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code spool.full} when a bound of the settings
     *     or the reserve of the disk is reached, {@code spool.too-large} when one message is larger than
     *     the settings allow; nothing was appended and no number was used
     * @throws io.machineroom.ports.PortException.Unavailable {@code spool.disk} when the disk refuses;
     *     works again by itself when the disk does
     */
    List<Appended> append(Lane lane, List<Message> messages) throws InterruptedException;

    /**
     * Records that {@code count} events of the lane will never be sent: uses up their numbers with one
     * durable void. Allowed while the spool is full, out of a reserve kept for it.
     *
     * @throws io.machineroom.ports.PortException.Unavailable {@code spool.disk}
     */
    Appended skip(Lane lane, long count, String cause) throws InterruptedException;

    /** The source of a named reader; one live source per name. A new reader starts at the oldest record. */
    Source source(String reader);

    Stats stats();

    /** The same for one lane; what cannot be told by lane is 0. */
    Stats stats(Lane lane);

    /**
     * Shows what not every reader is done with, lane by lane, the oldest first, until the visitor says false. Disturbs no
     * reader and changes nothing; may take long. What is appended meanwhile may be shown.
     *
     * @throws io.machineroom.ports.PortException.Refused {@code spool.closed}
     */
    void walk(Predicate<Delivery> visitor) throws InterruptedException;

    /** Drops what is too old and frees the space of what every reader is done with. */
    void trim();

    /** Syncs and lets go of the directory. Idempotent; appends that wait are refused. */
    @Override
    void close();

    /**
     * One append.
     *
     * @param lane the lane
     * @param from first number given
     * @param through last number given
     * @param kept whether the records wait to be sent; false for a void
     */
    record Appended(Lane lane, long from, long through, boolean kept) {
        /** Records that are kept. */
        public Appended(Lane lane, long from, long through) {
            this(lane, from, through, true);
        }
    }

    /**
     * The spool in numbers.
     *
     * @param records records not yet done by every reader
     * @param bytes bytes of those records
     * @param diskBytes bytes that the files occupy
     * @param tornBytes bytes cut from a torn tail at opening
     * @param damagedRecords records set aside as damaged since opening
     * @param oldestAgeSeconds age of the oldest record not done, 0 when there is none
     */
    record Stats(
            long records, long bytes, long diskBytes, long tornBytes, long damagedRecords, long oldestAgeSeconds) {}
}
