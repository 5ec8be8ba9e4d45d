package io.machineroom.domain.backplane;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A map of texts that is never changed after it was made. One with another entry is made by copying one of {@value #SLICES} slices
 * and sharing the rest, so that a change costs little when there are many thousands of entries.
 */
final class SlicedMap<V> {
    /** With 15,000 entries a slice has about 30. */
    private static final int SLICES = 512;

    private final List<Map<String, V>> slices;
    private final int size;

    private SlicedMap(List<Map<String, V>> slices, int size) {
        this.slices = slices;
        this.size = size;
    }

    static <V> SlicedMap<V> empty() {
        return new SlicedMap<>(Collections.nCopies(SLICES, Map.of()), 0);
    }

    static <V> SlicedMap<V> of(Map<String, V> all) {
        List<Map<String, V>> slices = new ArrayList<>();
        for (int i = 0; i < SLICES; i++) {
            slices.add(new HashMap<>());
        }
        all.forEach((key, value) -> slices.get(slice(key)).put(key, value));
        return new SlicedMap<>(slices, all.size());
    }

    private static int slice(String key) {
        int hash = key.hashCode();
        // names differ in their ends, where plain hashes differ little
        return (hash ^ hash >>> 16 ^ hash >>> 9) & SLICES - 1;
    }

    Optional<V> get(String key) {
        return Optional.ofNullable(slices.get(slice(key)).get(key));
    }

    /** The same with this entry, instead of any that the key had. */
    SlicedMap<V> with(String key, V value) {
        Map<String, V> slice = new HashMap<>(slices.get(slice(key)));
        boolean more = slice.put(key, value) == null;
        return replaced(key, slice, more ? size + 1 : size);
    }

    /** The same without a key. */
    SlicedMap<V> without(String key) {
        Map<String, V> slice = new HashMap<>(slices.get(slice(key)));
        return slice.remove(key) == null ? this : replaced(key, slice, size - 1);
    }

    private SlicedMap<V> replaced(String key, Map<String, V> slice, int newSize) {
        List<Map<String, V>> next = new ArrayList<>(slices);
        next.set(slice(key), slice);
        return new SlicedMap<>(next, newSize);
    }

    int size() {
        return size;
    }

    /** All values, in no order. */
    List<V> values() {
        List<V> all = new ArrayList<>(size);
        slices.forEach(slice -> all.addAll(slice.values()));
        return all;
    }
}
