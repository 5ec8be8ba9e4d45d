package io.machineroom.ports.sim;

import io.machineroom.ports.kv.Bucket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** One simulated bucket, as the server has it. */
final class SimCells {
    private record Watch(String key, Consumer<Bucket.Entry> ear) {}

    private final Map<String, Bucket.Entry> entries = new LinkedHashMap<>();
    private final List<Watch> watches = new ArrayList<>();
    private long revision;

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
        entries.put(key, entry);
        for (Watch watch : List.copyOf(watches)) {
            if (watch.key().equals(key)) {
                watch.ear().accept(entry);
            }
        }
        return Optional.of(revision);
    }

    Runnable watch(String key, Consumer<Bucket.Entry> ear) {
        Watch watch = new Watch(key, ear);
        watches.add(watch);
        return () -> watches.remove(watch);
    }
}
