package com.example.segment;

/**
 * A place between two records of a lane.
 *
 * @param segment file in which the next record is looked for
 * @param offset where in that file
 * @param epoch ordinal of the epoch whose number comes next
 * @param next that number
 * @param records records ever written before it
 * @param bytes bytes ever written before it
 */
record Place(long segment, int offset, long epoch, long next, long records, long bytes) {
    static final Place START = new Place(0, 0, 0, 1, 0, 0);

    boolean isBefore(Place other) {
        return epoch < other.epoch || epoch == other.epoch && next < other.next;
    }

    Place expecting(long otherEpoch, long number) {
        return new Place(segment, offset, otherEpoch, number, records, bytes);
    }

    String text() {
        return segment + " " + offset + " " + epoch + " " + next + " " + records + " " + bytes;
    }

    static Place of(String text) {
        String[] n = text.split(" ");
        return new Place(
                Long.parseLong(n[0]),
                Integer.parseInt(n[1]),
                Long.parseLong(n[2]),
                Long.parseLong(n[3]),
                Long.parseLong(n[4]),
                Long.parseLong(n[5]));
    }
}
