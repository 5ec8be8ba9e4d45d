package io.machineroom.http;

import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.util.Optional;
import java.util.Set;

/** A bucket whose watches end with the link. */
record WatchedBucket(HttpBucket bucket, Set<Link.Subscription> watches) implements Bucket {
    @Override
    public Optional<Entry> get(String key) throws InterruptedException {
        return bucket.get(key);
    }

    @Override
    public Set<String> keys() throws InterruptedException {
        return bucket.keys();
    }

    @Override
    public long put(String key, byte[] value) {
        return bucket.put(key, value);
    }

    @Override
    public Optional<Long> create(String key, byte[] value) {
        return bucket.create(key, value);
    }

    @Override
    public Optional<Long> update(String key, byte[] value, long revision) {
        return bucket.update(key, value, revision);
    }

    @Override
    public void delete(String key) {
        bucket.delete(key);
    }

    @Override
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        return kept(bucket.watch(key, into));
    }

    @Override
    public Link.Subscription watchAll(Mailbox<String> into) {
        return kept(bucket.watchAll(into));
    }

    private Link.Subscription kept(Link.Subscription watch) {
        watches.add(watch);
        return () -> {
            watches.remove(watch);
            watch.close();
        };
    }
}
