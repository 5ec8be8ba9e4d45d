package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Remembers which event id stood at the last {@value #SIZE} numbers of a track, so that a number that comes
 * with another id shows a clone. Numbers before the window count as known; 32 bits of each id are kept. The ids of
 * forks inside the window are bounded by the {@link NodeMemory}: without room the smallest number is forgotten, and
 * that fork is stored once more when it comes again.
 */
final class IdWindow {
    static final int SIZE = 1024;
    private static final int SAVED = 64;
    private static final int NONE = 0;
    private static final int VOID = 1;

    private final NodeMemory memory;
    private final TreeSet<Fork> forks =
            new TreeSet<>(Comparator.comparingLong(Fork::number).thenComparingInt(Fork::hash));
    private int[] ring = new int[16];
    private long floor;
    private long top;

    IdWindow(NodeMemory memory) {
        this.memory = memory;
    }

    /** An id beside the first of its number. */
    private record Fork(long number, int hash) {}

    /** One that knows nothing of the numbers up to this one, so that they count as known. */
    static IdWindow behind(long number, NodeMemory memory) {
        IdWindow out = new IdWindow(memory);
        out.floor = number;
        out.top = number;
        return out;
    }

    void put(long number, String id) {
        place(number, hash(id));
    }

    /** These numbers hold no event: one that comes for them is another node's. */
    void putVoid(long from, long through) {
        for (long n = Math.max(from, through - SIZE + 1); n <= through; n++) {
            place(n, VOID);
        }
    }

    private void place(long number, int hash) {
        while (ring.length < SIZE && number - Math.max(floor, top - ring.length) > ring.length) {
            grow();
        }
        if (number > top) {
            if (number - top >= ring.length) {
                Arrays.fill(ring, NONE);
            } else {
                for (long n = top + 1; n < number; n++) {
                    ring[(int) (n % ring.length)] = NONE;
                }
            }
            top = number;
        }
        if (number > top - ring.length) {
            ring[(int) (number % ring.length)] = hash;
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
        if (number < first() || number > top) {
            return true;
        }
        int there = ring[(int) (number % ring.length)];
        return there == NONE || there == hash(id) || forks.contains(new Fork(number, hash(id)));
    }

    /** First number that the window tells something about. */
    private long first() {
        return Math.max(floor, top - ring.length) + 1;
    }

    /** Remembers an id beside the first of its number, if it can. */
    void fork(long number, String id) {
        Fork one = new Fork(number, hash(id));
        if (forks.contains(one)) {
            return;
        }
        while (!forks.isEmpty() && forks.first().number() < first()) {
            forget();
        }
        if (memory.remembersFork()) {
            forks.add(one);
            return;
        }
        memory.missesFork();
        if (!forks.isEmpty()) {
            forget();
            if (memory.remembersFork()) {
                forks.add(one);
            }
        }
    }

    private void forget() {
        forks.pollFirst();
        memory.forgetsForks(1);
    }

    /** Nothing of it is needed any more. */
    void release() {
        memory.forgetsForks(forks.size());
        forks.clear();
    }

    int forks() {
        return forks.size();
    }

    private static int hash(String id) {
        int hash = id.hashCode();
        return hash == NONE || hash == VOID ? 2 : hash;
    }

    Value.Obj save() {
        List<Value> ids = new ArrayList<>();
        for (long n = Math.max(first(), top - SAVED + 1); n <= top; n++) {
            ids.add(Value.num(ring[(int) (n % ring.length)]));
        }
        return Value.obj("top", Value.num(top), "ids", new Value.Arr(ids))
                .with(
                        "forks",
                        Value.texts(forks.stream()
                                .map(f -> f.number() + " " + f.hash())
                                .toList()));
    }

    static IdWindow load(Value.Obj saved, NodeMemory memory) {
        IdWindow out = new IdWindow(memory);
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
        for (String fork : saved.texts("forks")) {
            int space = fork.indexOf(' ');
            if (memory.remembersFork()) {
                out.forks.add(new Fork(
                        Long.parseLong(fork.substring(0, space)), Integer.parseInt(fork.substring(space + 1))));
            }
        }
        return out;
    }
}
