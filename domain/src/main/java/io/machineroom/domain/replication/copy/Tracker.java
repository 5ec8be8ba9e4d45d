package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.Sampling;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Remembers senders: when they were seen and copied, who fell silent. Wall times, because they outlive the process. One task. */
final class Tracker {
    private final Sampling sampling;
    private final TimeSource time;
    private final Entropy entropy;
    private final Events events;
    private final Map<String, Tracked> items = new TreeMap<>();

    /** Who wants to know. */
    interface Events {
        /** A sender that was not known. */
        void first(String key, Tracked item);

        /** A sender that was silent for long, and is not any more. */
        void recovered(String key, Tracked item);

        /** Senders that are silent for long; in the order of their names. Returns those that were told of. */
        java.util.Set<String> silent(Map<String, Tracked> items);

        /** Senders that are forgotten; in the order of their names. */
        void expired(Map<String, Tracked> items);

        /** Nobody wants to know. */
        static Events none() {
            return new Events() {
                @Override
                public void first(String key, Tracked item) {
                    // nobody asked
                }

                @Override
                public void recovered(String key, Tracked item) {
                    // nobody asked
                }

                @Override
                public java.util.Set<String> silent(Map<String, Tracked> silent) {
                    return java.util.Set.of();
                }

                @Override
                public void expired(Map<String, Tracked> expired) {
                    // nobody asked
                }
            };
        }
    }

    Tracker(Sampling sampling, TimeSource time, Entropy entropy, Events events) {
        this.sampling = sampling;
        this.time = time;
        this.entropy = entropy;
        this.events = events;
    }

    /** Whether something of that size has to be copied now. Changes nothing. */
    boolean wants(String key, long size) {
        if (key.isEmpty()) {
            return true;
        }
        Instant deadline = deadline();
        Tracked item = item(key);
        if (item.copied().equals(Tracked.NEVER) || item.copied().isBefore(deadline)) {
            return true;
        }
        if (item.seen().equals(Tracked.NEVER) || item.size() == 0 && size != 0) {
            return true;
        }
        if (sampling.sizeTrigger() > 0 && Math.abs(size - item.size()) >= sampling.sizeTrigger()) {
            return true;
        }
        return item.seen().isBefore(deadline);
    }

    /** A little early, and each time another little, so that the copies of many senders spread. */
    private Instant deadline() {
        long interval = sampling.interval().toMillis();
        long spread = interval < 10 ? 0 : entropy.below(interval / 10);
        return time.wall().minusMillis(interval - 1_000 - spread);
    }

    /** Something of that size came, and was copied or left out. */
    void seen(String key, long size) {
        if (key.isEmpty()) {
            return;
        }
        Instant now = time.wall();
        Tracked before = items.get(key);
        Tracked after = (before == null ? Tracked.UNKNOWN : before).seenAt(now, size);
        items.put(key, after);
        if (before == null || before.seen().equals(Tracked.NEVER)) {
            events.first(key, after);
            return;
        }
        Duration age = Duration.between(before.seen(), now);
        if (age.compareTo(sampling.warn()) > 0 && age.compareTo(sampling.interval()) < 0) {
            items.put(key, after.withAdvised(false));
            events.recovered(key, after);
        }
    }

    /** Something was copied; it was seen, too. */
    void copied(String key) {
        if (!key.isEmpty()) {
            items.put(key, item(key).copiedAt(time.wall()));
        }
    }

    /** Takes what another member of the group knows. */
    void learn(String key, Tracked item) {
        items.put(key, item);
    }

    /** What is known of a sender; {@link Tracked#UNKNOWN} when nothing is. */
    Tracked item(String key) {
        return items.getOrDefault(key, Tracked.UNKNOWN);
    }

    /** Forgets who was silent for the interval, and tells who was silent for the time to warn. */
    void scrub() {
        Instant now = time.wall();
        Map<String, Tracked> expired = new LinkedHashMap<>();
        Map<String, Tracked> silent = new LinkedHashMap<>();
        items.forEach((key, item) -> {
            Duration age = Duration.between(item.seen(), now);
            if (age.compareTo(sampling.interval()) > 0) {
                expired.put(key, item);
            } else if (age.compareTo(sampling.warn()) > 0 && !item.advised()) {
                silent.put(key, item);
            }
        });
        items.keySet().removeAll(expired.keySet());
        expired.values()
                .removeIf(i -> Duration.between(i.seen(), now)
                                .compareTo(sampling.interval().multipliedBy(2))
                        > 0);
        if (!expired.isEmpty()) {
            events.expired(expired);
        }
        if (!silent.isEmpty()) {
            events.silent(silent).forEach(key -> items.put(key, item(key).withAdvised(true)));
        }
    }

    /** All that is known, by name. */
    Map<String, Tracked> items() {
        return new TreeMap<>(items);
    }
}
