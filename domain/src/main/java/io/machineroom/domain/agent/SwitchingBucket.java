package io.machineroom.domain.agent;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketFacts;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A bucket over whichever link is up; a watch goes along when the link changes. Safe from any task. */
final class SwitchingBucket implements Bucket {
    private static final System.Logger LOG = System.getLogger(SwitchingBucket.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final String name;
    private final LinkSupply links;
    private final Tasks tasks;

    SwitchingBucket(String name, LinkSupply links, Tasks tasks) {
        this.name = name;
        this.links = links;
        this.tasks = tasks;
    }

    @Override
    public Optional<Entry> get(String key) throws InterruptedException {
        return now().get(key);
    }

    @Override
    public long put(String key, byte[] value) throws InterruptedException {
        return now().put(key, value);
    }

    @Override
    public Optional<Long> create(String key, byte[] value) throws InterruptedException {
        return now().create(key, value);
    }

    @Override
    public Optional<Long> update(String key, byte[] value, long revision) throws InterruptedException {
        return now().update(key, value, revision);
    }

    @Override
    public void delete(String key) throws InterruptedException {
        now().delete(key);
    }

    @Override
    public boolean delete(String key, long revision) throws InterruptedException {
        return now().delete(key, revision);
    }

    @Override
    public List<Change> history(String key) throws InterruptedException {
        return now().history(key);
    }

    @Override
    public BucketFacts facts() throws InterruptedException {
        return now().facts();
    }

    @Override
    public boolean make(BucketSpec spec) throws InterruptedException {
        return now().make(spec);
    }

    @Override
    public void drop() throws InterruptedException {
        now().drop();
    }

    @Override
    public Set<String> keys() throws InterruptedException {
        return now().keys();
    }

    /** What a watch does with one bucket over one link. */
    private interface Eye {
        Link.Subscription open(Bucket bucket) throws InterruptedException;

        /** What is there, for what changed while nobody watched. */
        void look(Bucket bucket) throws InterruptedException;
    }

    @Override
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        return watching(key, new Eye() {
            @Override
            public Link.Subscription open(Bucket bucket) {
                return bucket.watch(key, into);
            }

            @Override
            public void look(Bucket bucket) throws InterruptedException {
                bucket.get(key).ifPresent(into::offer);
            }
        });
    }

    @Override
    public Link.Subscription watchAll(Mailbox<String> into) {
        return watching("all", new Eye() {
            @Override
            public Link.Subscription open(Bucket bucket) {
                return bucket.watchAll(into);
            }

            @Override
            public void look(Bucket bucket) throws InterruptedException {
                bucket.keys().forEach(into::offer);
            }
        });
    }

    private Link.Subscription watching(String what, Eye eye) {
        Tasks.Task follower = tasks.fork("watch-" + name + "-" + what, () -> follow(what, eye));
        return follower::cancel;
    }

    private Bucket now() {
        return links.current()
                .map(held -> held.link().bucket(name))
                .orElseThrow(() -> new PortException.Unavailable(
                        "bucket.unreachable", "no link is up; desired state is read when one is"));
    }

    private void follow(String what, Eye eye) throws InterruptedException {
        while (true) {
            Optional<LinkSupply.Held> held = links.current();
            if (held.isPresent()) {
                followOver(held.get(), what, eye);
            }
            tasks.sleep(LOOK);
        }
    }

    /** Watches over one link until it is another; what changed while nobody watched is read at the start. */
    private void followOver(LinkSupply.Held held, String what, Eye eye) throws InterruptedException {
        Bucket bucket = held.link().bucket(name);
        try (Link.Subscription watching = eye.open(bucket)) {
            eye.look(bucket);
            while (links.current().map(h -> h.generation() == held.generation()).orElse(false)) {
                tasks.sleep(LOOK);
            }
            LOG.log(Level.DEBUG, "the watch {0} moves to the next link", watching);
        } catch (PortException.Unavailable | PortException.Refused e) {
            LOG.log(Level.DEBUG, "no watch of {0} over {1}: {2}", what, held.way(), e.code());
            waitForAnother(held);
        }
    }

    private void waitForAnother(LinkSupply.Held held) throws InterruptedException {
        for (int i = 0; i < 30; i++) {
            if (links.current().map(h -> h.generation() != held.generation()).orElse(true)) {
                return;
            }
            tasks.sleep(LOOK);
        }
    }
}
