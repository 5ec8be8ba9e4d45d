package io.machineroom.ports.spool.kit;

import java.util.List;
import java.util.Optional;

/**
 * The files of one lane. The spool calls it {@linkplain Turns alone}. A method that the disk refuses throws {@link
 * io.machineroom.ports.PortException.Unavailable} {@code spool.disk} and works again when the disk does.
 */
public interface LaneStore {
    /**
     * Writes records behind the last one, all or none, and durable on return as the settings say; a power cut in between
     * leaves all or none too. The messages are copied.
     */
    void append(List<Entry> entries);

    /**
     * The first record that ends at or behind a place. Its body stays valid whatever is trimmed. What cannot be read is
     * passed over: the spool sees the gap in the numbers and hands out a void.
     */
    Optional<Entry> find(Place place);

    /** Frees what holds only records in front of a place, as far as its files allow. */
    void trim(Place before);

    /** Bytes that the files occupy. */
    long diskBytes();

    /** Bytes cut from a torn tail at opening. */
    long tornBytes();

    /** Records, or runs of them, that were found damaged since opening; never falls but by {@link #trim}. */
    long damaged();
}
