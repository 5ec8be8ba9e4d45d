package io.machineroom.ports.sim;

import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketFacts;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;
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
import java.util.function.Supplier;

/**
 * One simulated bucket, as the server has it. What is older than its time to live is gone at once, by the stamp of who took it and
 * the clock of who is asked.
 */
final class SimCells {
    private record Watch(String key, Consumer<Bucket.Entry> ear) {}

    private final TimeSource time;
    private final Supplier<Duration> ahead;
    private final BucketSpec spec;
    private final Instant created;
    private final Map<String, List<Stored>> keys = new LinkedHashMap<>();
    private final Deque<Before> past = new ArrayDeque<>();
    private final List<Watch> watches = new ArrayList<>();
    private long revision;

    private record Stored(Bucket.Entry entry, Instant at, long ticks) {}

    /** What stood in the place of a change. */
    private record Before(String key, List<Stored> stood, long ticks) {}

    /**
     * An empty bucket.
     *
     * @param ahead how much the clock of the server is ahead now
     */
    SimCells(TimeSource time, Supplier<Duration> ahead, BucketSpec spec) {
        this.time = time;
        this.ahead = ahead;
        this.spec = spec;
        this.created = time.wall();
    }

    /** Back to what was there at that time; revisions are not given again. */
    void forget(long since) {
        while (!past.isEmpty() && past.getLast().ticks() >= since) {
            Before before = past.removeLast();
            keys.put(before.key(), before.stood());
        }
    }

    /** Now, by the clock of the server. */
    private long stamp() {
        return time.ticks() + ahead.get().toNanos();
    }

    private List<Stored> alive(String key) {
        List<Stored> all = keys.getOrDefault(key, List.of());
        long life = spec.timeToLive().toNanos();
        return life == 0
                ? all
                : all.stream().filter(one -> stamp() - one.ticks() < life).toList();
    }

    Optional<Bucket.Entry> latest(String key) {
        List<Stored> all = alive(key);
        return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast().entry());
    }

    List<Bucket.Change> history(String key) {
        return alive(key).stream()
                .map(one -> new Bucket.Change(one.entry(), one.at()))
                .toList();
    }

    BucketFacts facts() {
        List<Stored> all =
                keys.keySet().stream().flatMap(key -> alive(key).stream()).toList();
        long bytes = all.stream().mapToLong(one -> one.entry().value().length).sum();
        return new BucketFacts(spec, all.size(), bytes, created);
    }

    /** Writes when the last change of the key has that revision; 0 for none; empty for any. */
    Optional<Long> write(String key, byte[] value, boolean deleted, OptionalLong expected) {
        long there = latest(key).map(Bucket.Entry::revision).orElse(0L);
        if (expected.isPresent() && expected.getAsLong() != there) {
            return Optional.empty();
        }
        revision++;
        Bucket.Entry entry = new Bucket.Entry(key, value.clone(), revision, deleted);
        past.addLast(new Before(key, alive(key), time.ticks()));
        if (past.size() > 100) {
            past.removeFirst();
        }
        List<Stored> now = new ArrayList<>(alive(key));
        now.add(new Stored(entry, time.wall().plus(ahead.get()), stamp()));
        long most = spec.history() == 0 ? Long.MAX_VALUE : spec.history();
        keys.put(key, List.copyOf(now.subList((int) Math.max(0, now.size() - most), now.size())));
        for (Watch watch : List.copyOf(watches)) {
            if (watch.key().isEmpty() || watch.key().equals(key)) {
                watch.ear().accept(entry);
            }
        }
        return Optional.of(revision);
    }

    /** Keys with a change, deleted ones too, as servers list them. */
    Set<String> keys() {
        Set<String> out = new LinkedHashSet<>(keys.keySet());
        out.removeIf(key -> alive(key).isEmpty());
        return out;
    }

    /** A key is gone without a trace, as after a purge of its stream. */
    void vanish(String key) {
        keys.remove(key);
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
