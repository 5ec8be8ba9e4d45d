package io.machineroom.http;

import io.machineroom.ports.contract.BucketContract;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpBucketContractTest extends BucketContract {
    private final List<Link> links = new ArrayList<>();
    private TestTls tls;
    private World world;

    @BeforeAll
    void makeCertificate() {
        tls = TestTls.fresh();
    }

    @BeforeEach
    void open() {
        world = new World(tls);
    }

    @AfterEach
    void close() {
        links.forEach(Link::close);
        links.clear();
        world.close();
    }

    @Override
    protected Bucket reader() throws InterruptedException {
        Link link = world.connect();
        links.add(link);
        return link.bucket("CONFIG");
    }

    @Override
    protected Bucket owner() {
        return new Behind(world.backplane);
    }

    @Override
    protected Optional<Bucket> missing() throws InterruptedException {
        Link link = world.connect();
        links.add(link);
        return Optional.of(link.bucket("NOWHERE"));
    }

    @Override
    protected boolean readerOnlyReads() {
        return true;
    }

    @Override
    protected void cut() {
        world.gateway.close();
    }

    @Override
    protected Tasks tasks() {
        return world.runtime;
    }

    /** The bucket as the backplane has it. */
    private record Behind(TestBackplane backplane) implements Bucket {
        @Override
        public Optional<Entry> get(String key) {
            return backplane.entry(key);
        }

        @Override
        public long put(String key, byte[] value) {
            return backplane.put(key, value, false);
        }

        @Override
        public Optional<Long> create(String key, byte[] value) {
            return get(key).isPresent() ? Optional.empty() : Optional.of(put(key, value));
        }

        @Override
        public Optional<Long> update(String key, byte[] value, long revision) {
            boolean same = get(key).filter(e -> e.revision() == revision).isPresent();
            return same ? Optional.of(put(key, value)) : Optional.empty();
        }

        @Override
        public boolean delete(String key, long revision) {
            boolean same = get(key).filter(e -> e.revision() == revision).isPresent();
            return same && backplane.put(key, new byte[0], true) > 0;
        }

        @Override
        public void delete(String key) {
            backplane.put(key, new byte[0], true);
        }

        @Override
        public Link.Subscription watch(String key, Mailbox<Entry> into) {
            throw new IllegalStateException("the owner does not watch");
        }
    }
}
