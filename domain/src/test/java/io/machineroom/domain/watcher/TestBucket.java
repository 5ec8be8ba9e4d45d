package io.machineroom.domain.watcher;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A bucket whose revisions a test decides. */
final class TestBucket implements Bucket {
    final Map<String, Mailbox<Entry>> watches = new LinkedHashMap<>();
    boolean linked = true;
    int gets;
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    void set(String key, String value, long revision) {
        entries.put(key, new Entry(key, value.getBytes(StandardCharsets.UTF_8), revision, false));
    }

    void drop(String key) {
        entries.remove(key);
    }

    @Override
    public Optional<Entry> get(String key) {
        gets++;
        if (!linked) {
            throw new PortException.Unavailable("bucket.unreachable", "no link");
        }
        return Optional.ofNullable(entries.get(key));
    }

    @Override
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        watches.put(key, into);
        return () -> watches.remove(key);
    }

    @Override
    public long put(String key, byte[] value) {
        throw new PortException.Refused("bucket.read-only", "read only");
    }

    @Override
    public Optional<Long> create(String key, byte[] value) {
        throw new PortException.Refused("bucket.read-only", "read only");
    }

    @Override
    public Optional<Long> update(String key, byte[] value, long revision) {
        throw new PortException.Refused("bucket.read-only", "read only");
    }

    @Override
    public void delete(String key) {
        throw new PortException.Refused("bucket.read-only", "read only");
    }
}
