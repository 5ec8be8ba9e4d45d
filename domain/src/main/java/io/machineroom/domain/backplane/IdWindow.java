package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Remembers which event id stood at the last {@value #SIZE} numbers of a track, so that a number that comes
 * with another id shows a clone. Numbers before the window count as known; 32 bits of each id are kept.
 */
final class IdWindow {
    static final int SIZE = 1024;
    private static final int SAVED = 64;
    private static final int MAX_FORKS = 4096;

    private int[] ring = new int[16];
    private long floor;
    private long top;
    private final Set<String> forks = new LinkedHashSet<>();

    /** One that knows nothing of the numbers up to this one, so that they count as known. */
    static IdWindow behind(long number) {
        IdWindow out = new IdWindow();
        out.floor = number;
        out.top = number;
        return out;
    }

    void put(long number, String id) {
        while (ring.length < SIZE && number - Math.max(floor, top - ring.length) > ring.length) {
            grow();
        }
        if (number > top) {
            if (number - top >= ring.length) {
                Arrays.fill(ring, 0);
            } else {
                for (long n = top + 1; n < number; n++) {
                    ring[(int) (n % ring.length)] = 0;
                }
            }
            top = number;
        }
        if (number > top - ring.length) {
            ring[(int) (number % ring.length)] = hash(id);
        }
    }

    private void grow() {
        int[] wider = new int[Math.min(SIZE, ring.length * 2)];
        for (long n = Math.max(1, top - ring.length + 1); n <= top; n++) {
            wider[(int) (n % wider.length)] = ring[(int) (n % ring.length)];
        }
        floor = Math.max(floor, top - ring.length);
        ring = wider;
    }

    /** Whether this number was taken with this id, as far as the window knows. */
    boolean knows(long number, String id) {
        if (number <= floor || number <= top - ring.length || number > top) {
            return true;
        }
        int there = ring[(int) (number % ring.length)];
        return there == 0 || there == hash(id) || forks.contains(number + " " + hash(id));
    }

    void fork(long number, String id) {
        forks.add(number + " " + hash(id));
        if (forks.size() > MAX_FORKS) {
            forks.remove(forks.iterator().next());
        }
    }

    private static int hash(String id) {
        int hash = id.hashCode();
        return hash == 0 ? 1 : hash;
    }

    Value.Obj save() {
        List<Value> ids = new ArrayList<>();
        long first = Math.max(Math.max(floor, top - ring.length), top - SAVED) + 1;
        for (long n = first; n <= top; n++) {
            ids.add(Value.num(ring[(int) (n % ring.length)]));
        }
        return Value.obj("top", Value.num(top), "ids", new Value.Arr(ids), "forks", Value.texts(List.copyOf(forks)));
    }

    static IdWindow load(Value.Obj saved) {
        IdWindow out = new IdWindow();
        List<Value> ids = saved.list("ids");
        out.top = saved.whole("top").orElse(0L);
        out.floor = out.top - ids.size();
        while (out.ring.length < ids.size()) {
            out.ring = new int[out.ring.length * 2];
        }
        for (int i = 0; i < ids.size(); i++) {
            long number = out.floor + 1 + i;
            out.ring[(int) (number % out.ring.length)] = (int) ((Value.Num) ids.get(i)).asLong();
        }
        out.forks.addAll(saved.texts("forks"));
        return out;
    }
}
