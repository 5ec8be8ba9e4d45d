package io.machineroom.domain.agent;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

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
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        Tasks.Task follower = tasks.fork("watch-" + name + "-" + key, () -> follow(key, into));
        return follower::cancel;
    }

    private Bucket now() {
        return links.current()
                .map(held -> held.link().bucket(name))
                .orElseThrow(() -> new PortException.Unavailable(
                        "bucket.unreachable", "no link is up; desired state is read when one is"));
    }

    private void follow(String key, Mailbox<Entry> into) throws InterruptedException {
        while (true) {
            Optional<LinkSupply.Held> held = links.current();
            if (held.isPresent()) {
                followOver(held.get(), key, into);
            }
            tasks.sleep(LOOK);
        }
    }

    /** Watches over one link until it is another; what changed while nobody watched is read at the start. */
    private void followOver(LinkSupply.Held held, String key, Mailbox<Entry> into) throws InterruptedException {
        Bucket bucket = held.link().bucket(name);
        try (Link.Subscription watching = bucket.watch(key, into)) {
            bucket.get(key).ifPresent(into::offer);
            while (links.current().map(h -> h.generation() == held.generation()).orElse(false)) {
                tasks.sleep(LOOK);
            }
            LOG.log(Level.DEBUG, "the watch {0} moves to the next link", watching);
        } catch (PortException.Unavailable | PortException.Refused e) {
            LOG.log(Level.DEBUG, "no watch of {0} over {1}: {2}", key, held.way(), e.code());
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
