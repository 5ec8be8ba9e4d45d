package io.machineroom.chronicle;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a reader has of a lane: everything before the place is done, and behind it what {@code done} says.
 *
 * @param place first record not done
 * @param done epoch to the last number done in it
 */
record LaneMark(Place place, SortedMap<Long, Long> done) {
    private static final int FIXED = 8 + 4 + 4 * 8 + 4;
    private static final int ENTRY = 16;

    LaneMark {
        done = Collections.unmodifiableSortedMap(new TreeMap<>(done));
    }

    /** Writes at most {@code room} bytes; of too many epochs the newest are left out, and come again. */
    void put(ByteBuffer to, int room) {
        int entries = Math.min(done.size(), (room - FIXED) / ENTRY);
        to.putLong(place.index())
                .putInt(place.offset())
                .putLong(place.ordinal())
                .putLong(place.next());
        to.putLong(place.records()).putLong(place.bytes()).putInt(entries);
        done.entrySet().stream()
                .limit(entries)
                .forEach(e -> to.putLong(e.getKey()).putLong(e.getValue()));
    }

    static LaneMark read(ByteBuffer from) {
        Place place = new Place(
                from.getLong(), from.getInt(), from.getLong(), from.getLong(), from.getLong(), from.getLong());
        int entries = from.getInt();
        Map<Long, Long> done = new TreeMap<>();
        for (int i = 0; i < entries; i++) {
            done.put(from.getLong(), from.getLong());
        }
        return new LaneMark(place, new TreeMap<>(done));
    }
}
