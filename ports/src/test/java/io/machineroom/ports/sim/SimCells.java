package io.machineroom.ports.sim;

import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** One simulated bucket, as the server has it. */
final class SimCells {
    private record Watch(String key, Consumer<Bucket.Entry> ear) {}

    private final TimeSource time;
    private final Map<String, Bucket.Entry> entries = new LinkedHashMap<>();
    private final Deque<Before> past = new ArrayDeque<>();
    private final List<Watch> watches = new ArrayList<>();
    private long revision;

    /** What stood in the place of a change. */
    private record Before(String key, Optional<Bucket.Entry> entry, long ticks) {}

    SimCells(TimeSource time) {
        this.time = time;
    }

    /** Back to what was there at that time; revisions are not given again. */
    void forget(long since) {
        while (!past.isEmpty() && past.getLast().ticks() >= since) {
            Before before = past.removeLast();
            before.entry().ifPresentOrElse(e -> entries.put(before.key(), e), () -> entries.remove(before.key()));
        }
    }

    Optional<Bucket.Entry> latest(String key) {
        return Optional.ofNullable(entries.get(key));
    }

    /** Writes when the last change of the key has that revision; 0 for none; empty for any. */
    Optional<Long> write(String key, byte[] value, boolean deleted, OptionalLong expected) {
        long there = latest(key).map(Bucket.Entry::revision).orElse(0L);
        if (expected.isPresent() && expected.getAsLong() != there) {
            return Optional.empty();
        }
        revision++;
        Bucket.Entry entry = new Bucket.Entry(key, value.clone(), revision, deleted);
        past.addLast(new Before(key, latest(key), time.ticks()));
        if (past.size() > 100) {
            past.removeFirst();
        }
        entries.put(key, entry);
        for (Watch watch : List.copyOf(watches)) {
            if (watch.key().isEmpty() || watch.key().equals(key)) {
                watch.ear().accept(entry);
            }
        }
        return Optional.of(revision);
    }

    /** Keys with a change, deleted ones too, as servers list them. */
    Set<String> keys() {
        return new LinkedHashSet<>(entries.keySet());
    }

    /** A key is gone without a trace, as after a purge of its stream. */
    void vanish(String key) {
        entries.remove(key);
    }

    Runnable watchAll(Consumer<Bucket.Entry> ear) {
        return watch("", ear);
    }

    Runnable watch(String key, Consumer<Bucket.Entry> ear) {
        Watch watch = new Watch(key, ear);
        watches.add(watch);
        return () -> watches.remove(watch);
    }
}
