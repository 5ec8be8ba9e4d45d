package io.machineroom.ports.spool.kit;

import io.machineroom.ports.stream.Delivery;
import io.machineroom.ports.stream.Stamp;

/**
 * A number of a lane, in the order in which numbers were given.
 *
 * @param epoch ordinal of the epoch
 * @param number in that epoch, from 1
 */
public record Place(long epoch, long number) implements Comparable<Place> {
    /** Before everything. */
    public static final Place FIRST = new Place(0, 1);

    /** Behind everything. */
    public static final Place END = new Place(Long.MAX_VALUE, 1);

    /** So many numbers further on. */
    public Place plus(long count) {
        return new Place(epoch, number + count);
    }

    /** Behind what was handed out. */
    static Place behind(Delivery delivery) {
        Stamp stamp = delivery.stamp();
        return new Place(stamp.epoch().ordinal(), stamp.through() + 1);
    }

    @Override
    public int compareTo(Place other) {
        return epoch != other.epoch ? Long.compare(epoch, other.epoch) : Long.compare(number, other.number);
    }
}
