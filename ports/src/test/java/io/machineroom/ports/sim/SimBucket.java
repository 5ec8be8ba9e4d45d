package io.machineroom.ports.sim;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketFacts;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.transport.Link;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** A bucket seen over a simulated link. */
final class SimBucket implements Bucket {
    private static final String UNREACHABLE = "bucket.unreachable";

    private final SimLink link;
    private final String name;

    SimBucket(SimLink link, String name) {
        this.link = link;
        this.name = name;
    }

    private SimCells cells() {
        return link.stored(UNREACHABLE).bucket(name);
    }

    @Override
    public Optional<Entry> get(String key) throws InterruptedException {
        return link.ask(UNREACHABLE, SimLink.PATIENCE, () -> cells().latest(key).filter(e -> !e.deleted()));
    }

    private Optional<Long> write(String key, byte[] value, boolean deleted, OptionalLong expected)
            throws InterruptedException {
        if ((link.ends().isNode() && !name.equals(BucketSpec.ELECTIONS))
                || !link.ends().streams()) {
            throw new PortException.Refused("bucket.read-only", "a node may only read bucket '" + name + "'");
        }
        return link.ask(UNREACHABLE, SimLink.PATIENCE, () -> cells().write(key, value, deleted, expected));
    }

    @Override
    public long put(String key, byte[] value) throws InterruptedException {
        return write(key, value, false, OptionalLong.empty()).orElseThrow();
    }

    @Override
    public Optional<Long> create(String key, byte[] value) throws InterruptedException {
        Optional<Long> first = write(key, value, false, OptionalLong.of(0));
        if (first.isPresent()) {
            return first;
        }
        Optional<Entry> there = link.ask(UNREACHABLE, SimLink.PATIENCE, () -> cells().latest(key));
        return there.isPresent() && there.get().deleted()
                ? write(key, value, false, OptionalLong.of(there.get().revision()))
                : Optional.empty();
    }

    @Override
    public Optional<Long> update(String key, byte[] value, long revision) throws InterruptedException {
        return write(key, value, false, OptionalLong.of(revision));
    }

    @Override
    public void delete(String key) throws InterruptedException {
        write(key, new byte[0], true, OptionalLong.empty());
    }

    @Override
    public boolean delete(String key, long revision) throws InterruptedException {
        return write(key, new byte[0], true, OptionalLong.of(revision)).isPresent();
    }

    private void needsStreams() {
        if (!link.ends().streams()) {
            throw new PortException.Refused("link.unsupported", "this way has no messages and no streams");
        }
    }

    private void needsOwner() {
        needsStreams();
        if (link.ends().isNode()) {
            throw new PortException.Refused("bucket.not-permitted", "a node makes and removes no bucket");
        }
    }

    @Override
    public List<Change> history(String key) throws InterruptedException {
        needsStreams();
        return link.ask(UNREACHABLE, SimLink.PATIENCE, () -> cells().history(key));
    }

    @Override
    public BucketFacts facts() throws InterruptedException {
        needsStreams();
        return link.ask(UNREACHABLE, SimLink.PATIENCE, () -> cells().facts());
    }

    @Override
    public boolean make(BucketSpec spec) throws InterruptedException {
        needsOwner();
        return link.ask(
                UNREACHABLE, SimLink.PATIENCE, () -> link.stored(UNREACHABLE).makeBucket(name, spec));
    }

    @Override
    public void drop() throws InterruptedException {
        needsOwner();
        link.ask(UNREACHABLE, SimLink.PATIENCE, () -> {
            link.stored(UNREACHABLE).dropBucket(name);
            return true;
        });
    }

    @Override
    public Set<String> keys() throws InterruptedException {
        return link.ask(UNREACHABLE, SimLink.PATIENCE, () -> cells().keys());
    }

    @Override
    public Link.Subscription watchAll(Mailbox<String> into) {
        Runnable end = cells().watchAll(entry -> {
            if (link.hears()) {
                into.offer(entry.key());
            }
        });
        return end::run;
    }

    @Override
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        Runnable end = cells().watch(key, entry -> {
            if (link.hears()) {
                into.offer(entry);
            }
        });
        return end::run;
    }
}
