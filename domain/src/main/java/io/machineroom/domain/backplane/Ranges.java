package io.machineroom.domain.backplane;

import io.machineroom.ports.data.Value;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of whole numbers kept as ranges, at most {@value #MAX}; beyond that the oldest ranges stay counted
 * but can no longer be told apart.
 */
final class Ranges {
    private static final int MAX = 256;

    private final TreeMap<Long, Long> ranges = new TreeMap<>();
    private long forgotten;

    /** Adds numbers that lie behind everything added before. */
    void add(long from, long through) {
        Map.Entry<Long, Long> last = ranges.lastEntry();
        if (last != null && last.getValue() + 1 == from) {
            ranges.put(last.getKey(), through);
            return;
        }
        ranges.put(from, through);
        if (ranges.size() > MAX) {
            Map.Entry<Long, Long> oldest = ranges.pollFirstEntry();
            forgotten += oldest.getValue() - oldest.getKey() + 1;
        }
    }

    boolean contains(long number) {
        Map.Entry<Long, Long> at = ranges.floorEntry(number);
        return at != null && at.getValue() >= number;
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
        Value.Obj out = Value.obj("forgotten", Value.num(forgotten));
        for (Map.Entry<Long, Long> range : ranges.entrySet()) {
            out = out.with(Long.toString(range.getKey()), Value.num(range.getValue()));
        }
        return out;
    }

    static Ranges load(Value.Obj saved) {
        Ranges out = new Ranges();
        out.forgotten = saved.whole("forgotten").orElse(0L);
        for (String key : saved.without("forgotten").fields().keySet()) {
            out.ranges.put(Long.parseLong(key), saved.whole(key).orElseThrow());
        }
        return out;
    }
}
