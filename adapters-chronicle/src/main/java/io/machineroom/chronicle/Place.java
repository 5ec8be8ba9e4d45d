package io.machineroom.chronicle;

/**
 * How far a reader is in a lane.
 *
 * @param index excerpt in which it stands; {@link Journal#NONE} before the first
 * @param offset next frame in that excerpt; at or behind its end when it is used up
 * @param ordinal epoch of the next number
 * @param next number that comes next there
 * @param records records ever written up to here
 * @param bytes bytes ever written up to here
 */
record Place(long index, int offset, long ordinal, long next, long records, long bytes) {
    /** The same place in the files, expecting another number. */
    Place expecting(long epoch, long number) {
        return new Place(index, offset, epoch, number, records, bytes);
    }

    /** Whether it is nearer to the beginning, by the numbers. */
    boolean isBefore(Place other) {
        return ordinal < other.ordinal || ordinal == other.ordinal && next < other.next;
    }
}
