package io.machineroom.domain.backplane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The map of the register: what it holds, and that older states of it stay as they were. */
final class SlicedMapTest {
    private static void same(Map<String, Integer> expected, SlicedMap<Integer> map) {
        assertEquals(expected.size(), map.size());
        assertEquals(new TreeSet<>(expected.values()), new TreeSet<>(map.values()));
        expected.forEach((key, value) -> assertEquals(Optional.of(value), map.get(key)));
    }

    @Test
    void holdsWhatAnOrdinaryMapHoldsAndNeverChangesWhatWasPublished() {
        Random random = new Random(15);
        Map<String, Integer> model = new HashMap<>();
        SlicedMap<Integer> map = SlicedMap.empty();
        Map<String, Integer> oldModel = Map.of();
        SlicedMap<Integer> old = map;
        for (int i = 0; i < 20_000; i++) {
            String key = "acme/node" + random.nextInt(3_000) + ".example.net";
            if (random.nextInt(3) == 0) {
                model.remove(key);
                map = map.without(key);
            } else {
                model.put(key, i);
                map = map.with(key, i);
            }
            if (i == 10_000) {
                oldModel = new HashMap<>(model);
                old = map;
            }
        }
        same(model, map);
        same(oldModel, old);
        same(model, SlicedMap.of(model));
        assertEquals(Optional.empty(), map.get("nobody"));
        assertSame(map, map.without("nobody"));
    }
}
