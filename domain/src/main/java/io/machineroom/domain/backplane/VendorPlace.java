package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How far the vendor-facing streams are written, and what number each stream had reached at earlier places of the log: a
 * broker that lost power has forgotten its last minutes, and shows it by smaller numbers. One task; {@link #index} may be
 * asked by any.
 */
final class VendorPlace {
    /** Earlier places that are remembered: at one in ten seconds more than ten minutes. */
    static final int MAX_PAST = 64;

    /** Entries without a message that are remembered; from then on the oldest of them may be counted as written. */
    static final int MAX_LEFT_OUT = 1_000;

    private final Deque<Mark> past = new ArrayDeque<>();
    private final TreeSet<Long> leftOut = new TreeSet<>();
    private final Map<String, Gap> gaps = new LinkedHashMap<>();
    private volatile long index;

    VendorPlace(long index) {
        this.index = index;
    }

    /** What a place of the log was in the numbers of the streams. */
    private record Mark(long index, Map<String, Long> numbers) {}

    /** A stream is to be filled from an entry on; the first {@code there} of its messages are there already. */
    private record Gap(long from, long there) {}

    /** Index of the next entry to be written. */
    long index() {
        return index;
    }

    /** All before this entry is written. */
    void reached(long next) {
        index = next;
    }

    /** Index of the oldest entry to which a broker's loss can lead back. */
    long oldest() {
        return past.isEmpty() ? index : past.getFirst().index();
    }

    boolean isMarked() {
        return !past.isEmpty();
    }

    /** Whether entries were written since the last {@link #mark}, and no stream is ahead of its place any more. */
    boolean wantsMark() {
        boolean even = gaps.values().stream().allMatch(gap -> gap.there() == 0 && gap.from() <= index);
        return even && (past.isEmpty() || past.getLast().index() < index);
    }

    /** At this place the streams have these numbers. */
    void mark(Map<String, Long> numbers) {
        past.addLast(new Mark(index, Map.copyOf(numbers)));
        if (past.size() > MAX_PAST) {
            past.removeFirst();
        }
        leftOut.headSet(past.getFirst().index()).clear();
    }

    /**
     * A broker has these numbers now: goes back to the first entry that a stream misses. Returns how many entries that is.
     * A stream that has less than at any remembered place is filled from the oldest of them on.
     */
    long meet(Map<String, Long> numbers) {
        gaps.clear();
        if (past.isEmpty()) {
            return 0;
        }
        long first = index;
        for (Map.Entry<String, Long> stream : numbers.entrySet()) {
            Gap gap = gap(stream.getKey(), stream.getValue());
            gaps.put(stream.getKey(), gap);
            first = Math.min(first, gap.from());
        }
        long back = index - first;
        index = first;
        past.removeIf(mark -> mark.index() > index);
        return back;
    }

    private Gap gap(String stream, long number) {
        for (Mark mark : (Iterable<Mark>) past::descendingIterator) {
            long then = mark.numbers().getOrDefault(stream, 0L);
            if (then <= number) {
                return new Gap(mark.index(), number - then);
            }
        }
        return new Gap(past.getFirst().index(), 0);
    }

    /** No message of this entry is written, now or later: it is in no stream's numbers. */
    void leftOut(long entry) {
        leftOut.add(entry);
        if (leftOut.size() > MAX_LEFT_OUT) {
            leftOut.pollFirst();
        }
    }

    /**
     * Whether nothing has to be written for this entry: the stream has its message already, or it is left out.
     * Asked once for each, in the order of the log.
     */
    boolean has(String stream, long entry) {
        if (leftOut.contains(entry)) {
            return true;
        }
        Gap gap = gaps.get(stream);
        if (gap == null || entry >= gap.from() && gap.there() == 0) {
            return false;
        }
        if (entry >= gap.from()) {
            gaps.put(stream, new Gap(gap.from(), gap.there() - 1));
        }
        return true;
    }

    Value.Obj save() {
        Value.Obj out = Value.obj("index", Value.num(index));
        return out.with(
                        "past",
                        new Value.Arr(
                                past.stream().<Value>map(VendorPlace::save).toList()))
                .with(
                        "refused",
                        new Value.Arr(leftOut.stream()
                                .<Value>map(entry -> Value.num(entry))
                                .toList()));
    }

    private static Value.Obj save(Mark mark) {
        Value.Obj numbers = Value.obj();
        for (Map.Entry<String, Long> one : new TreeMap<>(mark.numbers()).entrySet()) {
            numbers = numbers.with(one.getKey(), Value.num(one.getValue()));
        }
        return Value.obj("index", Value.num(mark.index())).with("numbers", numbers);
    }

    static VendorPlace load(Value.Obj saved, long start) {
        VendorPlace out = new VendorPlace(saved.whole("index").orElse(start));
        for (Value item : saved.list("refused")) {
            if (item instanceof Value.Num entry && entry.isLong()) {
                out.leftOut(entry.value().longValueExact());
            }
        }
        for (Value item : saved.list("past")) {
            if (item instanceof Value.Obj mark) {
                Map<String, Long> numbers = new LinkedHashMap<>();
                Value.Obj known = mark.obj("numbers").orElse(Value.obj());
                known.fields()
                        .keySet()
                        .forEach(s -> numbers.put(s, known.whole(s).orElse(0L)));
                out.past.addLast(new Mark(mark.whole("index").orElse(start), Map.copyOf(numbers)));
            }
        }
        return out;
    }
}
