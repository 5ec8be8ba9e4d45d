package io.machineroom.chronicle;

import java.nio.ByteBuffer;

/**
 * A run of records that will never be sent.
 *
 * @param from place of the first
 * @param to place behind the last
 * @param cause what their void says
 */
record Drop(Place from, Place to, String cause) {
    private static final int MAX_CAUSE = 32;
    private static final int PLACE = 8 + 4 + 4 * 8;

    /** Bytes that one takes at most. */
    static final int BYTES = 2 * PLACE + 4 + MAX_CAUSE;

    /** Whether a reader that stands there has to jump. */
    boolean covers(Place place) {
        return !place.isBefore(from) && place.isBefore(to);
    }

    void put(ByteBuffer out) {
        put(out, from);
        put(out, to);
        byte[] text = MessageCodec.utf8(cause);
        out.putInt(text.length).put(text);
    }

    static Drop read(ByteBuffer in) {
        return new Drop(place(in), place(in), MessageCodec.text(in));
    }

    private static void put(ByteBuffer out, Place place) {
        out.putLong(place.index())
                .putInt(place.offset())
                .putLong(place.ordinal())
                .putLong(place.next())
                .putLong(place.records())
                .putLong(place.bytes());
    }

    private static Place place(ByteBuffer in) {
        return new Place(in.getLong(), in.getInt(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
}
