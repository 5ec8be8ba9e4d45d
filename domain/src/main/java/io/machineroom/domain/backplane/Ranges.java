package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of whole numbers kept as ranges, at most {@value #MAX}; beyond that the oldest ranges stay counted
 * but can no longer be told apart: what lies there is {@linkplain #doubts doubtful}.
 */
final class Ranges {
    static final int MAX = 64;

    private static final String FORGOTTEN = "forgotten";
    private static final String DOUBTFUL = "doubtful";

    private final TreeMap<Long, Long> ranges = new TreeMap<>();
    private long forgotten;
    private long doubtful;

    /** Adds numbers that lie behind everything added before. */
    void add(long from, long through) {
        Map.Entry<Long, Long> last = ranges.lastEntry();
        if (last != null && last.getValue() + 1 == from) {
            ranges.put(last.getKey(), through);
            return;
        }
        ranges.put(from, through);
        forget();
    }

    private void forget() {
        while (ranges.size() > MAX) {
            Map.Entry<Long, Long> oldest = ranges.pollFirstEntry();
            forgotten += oldest.getValue() - oldest.getKey() + 1;
            doubtful = oldest.getValue();
        }
    }

    boolean contains(long number) {
        return touches(number, number);
    }

    /** Whether some of these numbers are in. */
    boolean touches(long from, long through) {
        Map.Entry<Long, Long> at = ranges.floorEntry(through);
        return at != null && at.getValue() >= from;
    }

    /** Whether the number may be one of those that were counted and then forgotten. */
    boolean doubts(long number) {
        return forgotten > 0 && number <= doubtful && !contains(number);
    }

    /** One of the forgotten numbers came after all. */
    void resolve() {
        forgotten = Math.max(0, forgotten - 1);
    }

    /** The highest number that is in, or may be; 0 for none. */
    long highest() {
        Map.Entry<Long, Long> last = ranges.lastEntry();
        return last != null ? last.getValue() : forgotten > 0 ? doubtful : 0;
    }

    /** Takes numbers out and returns how many of them were in. */
    long remove(long from, long through) {
        long removed = 0;
        Map.Entry<Long, Long> at = ranges.floorEntry(through);
        while (at != null && at.getValue() >= from) {
            long low = Math.max(from, at.getKey());
            long high = Math.min(through, at.getValue());
            ranges.remove(at.getKey());
            if (at.getKey() < low) {
                ranges.put(at.getKey(), low - 1);
            }
            if (high < at.getValue()) {
                ranges.put(high + 1, at.getValue());
            }
            removed += high - low + 1;
            at = ranges.lowerEntry(low);
        }
        forget();
        return removed;
    }

    long size() {
        long size = forgotten;
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            size += range.getValue() - range.getKey() + 1;
        }
        return size;
    }

    Value.Obj save() {
        Value.Obj out = Value.obj(FORGOTTEN, Value.num(forgotten), DOUBTFUL, Value.num(doubtful));
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            out = out.with(Long.toString(range.getKey()), Value.num(range.getValue()));
        }
        return out;
    }

    static Ranges load(Value.Obj saved) {
        Ranges out = new Ranges();
        out.forgotten = saved.whole(FORGOTTEN).orElse(0L);
        out.doubtful = saved.whole(DOUBTFUL).orElse(0L);
        for (String key : saved.without(FORGOTTEN).without(DOUBTFUL).fields().keySet()) {
            out.ranges.put(Long.parseLong(key), saved.whole(key).orElseThrow());
        }
        return out;
    }
}
