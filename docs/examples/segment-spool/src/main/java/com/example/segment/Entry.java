package com.example.segment;

import io.machineroom.ports.stream.Position;

/**
 * What the index knows of a record: a message, or numbers that are void.
 *
 * @param from its first number
 * @param through its last number, of the same epoch
 * @param cause why it is void; empty for a message
 * @param subject the subject of a message
 * @param clock when it was written, in milliseconds of the spool's own clock
 * @param spot where it lies
 */
record Entry(Key from, long through, String cause, String subject, long clock, Spot spot) {
    /** Bytes of a segment; the checksum is of these bytes. */
    record Spot(long segment, int offset, int length, int crc) {
        static final Spot NONE = new Spot(Long.MAX_VALUE, 0, 0, 0);
    }

    /** A number of an epoch, in the order in which they were given. */
    record Key(long epoch, long number) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            return epoch != other.epoch ? Long.compare(epoch, other.epoch) : Long.compare(number, other.number);
        }
    }

    static Entry empty(Key from, long through, String cause) {
        return new Entry(from, through, cause, "", 0, Spot.NONE);
    }

    boolean isVoid() {
        return !cause.isEmpty();
    }

    Key behind() {
        return new Key(from.epoch, through + 1);
    }

    /** The same numbers, void; what lies on the disk stays. */
    Entry voided(String why) {
        return new Entry(from, through, why, "", clock, spot);
    }

    /** From that number on, or since that one. */
    Entry since(Key first) {
        return new Entry(first, through, cause, subject, clock, spot);
    }

    Position position() {
        return new Position(from.epoch << 32 | from.number >>> 31, (int) (from.number & Integer.MAX_VALUE));
    }
}
