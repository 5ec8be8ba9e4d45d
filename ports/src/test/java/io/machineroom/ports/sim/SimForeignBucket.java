package io.machineroom.ports.sim;

import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketFacts;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/** A bucket of a simulated NATS of others, for somebody who may do all. */
final class SimForeignBucket implements Bucket {
    private final Supplier<SimCells> cells;
    private final SimForeign server;
    private final String name;

    SimForeignBucket(Supplier<SimCells> cells, SimForeign server, String name) {
        this.cells = cells;
        this.server = server;
        this.name = name;
    }

    @Override
    public Optional<Entry> get(String key) {
        return cells.get().latest(key).filter(e -> !e.deleted());
    }

    @Override
    public long put(String key, byte[] value) {
        return cells.get().write(key, value, false, OptionalLong.empty()).orElseThrow();
    }

    @Override
    public Optional<Long> create(String key, byte[] value) {
        Optional<Entry> there = cells.get().latest(key);
        long revision = there.filter(Entry::deleted).map(Entry::revision).orElse(0L);
        return cells.get().write(key, value, false, OptionalLong.of(revision));
    }

    @Override
    public Optional<Long> update(String key, byte[] value, long revision) {
        return cells.get().write(key, value, false, OptionalLong.of(revision));
    }

    @Override
    public void delete(String key) {
        cells.get().write(key, new byte[0], true, OptionalLong.empty());
    }

    @Override
    public boolean delete(String key, long revision) {
        return cells.get()
                .write(key, new byte[0], true, OptionalLong.of(revision))
                .isPresent();
    }

    @Override
    public List<Change> history(String key) {
        return cells.get().history(key);
    }

    @Override
    public BucketFacts facts() {
        return cells.get().facts();
    }

    @Override
    public boolean make(BucketSpec spec) {
        return server.makeBucket(name, spec);
    }

    @Override
    public void drop() {
        server.dropBucket(name);
    }

    @Override
    public Set<String> keys() {
        return cells.get().keys();
    }

    @Override
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        return cells.get().watch(key, into::offer)::run;
    }

    @Override
    public Link.Subscription watchAll(Mailbox<String> into) {
        return cells.get().watchAll(entry -> into.offer(entry.key()))::run;
    }
}
