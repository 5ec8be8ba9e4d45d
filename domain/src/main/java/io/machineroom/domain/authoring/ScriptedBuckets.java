package io.machineroom.domain.authoring;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Buckets in memory, whose keys are named {@code bucket/key}. One task of virtual time runs at once. */
final class ScriptedBuckets {
    private final JsonFormat json;
    private final Map<String, Bucket.Entry> entries = new LinkedHashMap<>();
    private final Map<String, List<Mailbox<Bucket.Entry>>> watches = new LinkedHashMap<>();
    private long revision;

    ScriptedBuckets(JsonFormat json) {
        this.json = json;
    }

    void put(String key, Value value) {
        byte[] bytes =
                value instanceof Value.Text text ? text.value().getBytes(StandardCharsets.UTF_8) : json.write(value);
        change(key, bytes, false);
    }

    void delete(String key) {
        change(key, new byte[0], true);
    }

    private long change(String name, byte[] value, boolean deleted) {
        String key = name.substring(name.indexOf('/') + 1);
        Bucket.Entry entry = new Bucket.Entry(key, value, ++revision, deleted);
        entries.put(name, entry);
        watches.getOrDefault(name, List.of()).forEach(box -> box.offer(entry));
        return revision;
    }

    Bucket open(String bucket) {
        return new Open(bucket + "/");
    }

    private final class Open implements Bucket {
        private final String prefix;

        Open(String prefix) {
            this.prefix = prefix;
        }

        @Override
        public Optional<Entry> get(String key) {
            return Optional.ofNullable(entries.get(prefix + key));
        }

        @Override
        public long put(String key, byte[] value) {
            return change(prefix + key, value, false);
        }

        @Override
        public Optional<Long> create(String key, byte[] value) {
            boolean free = get(key).filter(e -> !e.deleted()).isEmpty();
            return free ? Optional.of(put(key, value)) : Optional.empty();
        }

        @Override
        public Optional<Long> update(String key, byte[] value, long of) {
            long now = get(key).map(Entry::revision).orElse(0L);
            return now == of ? Optional.of(put(key, value)) : Optional.empty();
        }

        @Override
        public void delete(String key) {
            change(prefix + key, new byte[0], true);
        }

        @Override
        public Link.Subscription watch(String key, Mailbox<Entry> into) {
            List<Mailbox<Entry>> boxes = watches.computeIfAbsent(prefix + key, k -> new java.util.ArrayList<>());
            boxes.add(into);
            return () -> boxes.remove(into);
        }
    }
}
