package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells what a bucket holds and each change of it. A watch says nothing when its connection ends, so the bucket itself is
 * asked from time to time; after an end the next connection is taken, and what changed meanwhile is told. One task.
 */
final class BucketWatch {
    private static final System.Logger LOG = System.getLogger(BucketWatch.class.getName());
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int CHANGES = 10_000;

    private final Supplier<Bucket> buckets;
    private final String key;
    private final Tasks tasks;
    private final Consumer<Bucket.Entry> changes;
    private final Map<String, Long> last = new HashMap<>();
    private final Set<String> there = new TreeSet<>();
    private boolean whole;

    /**
     * A watch that does not run yet.
     *
     * @param buckets gives the bucket over the connection that is up then; may fail as a bucket does
     * @param key the only key to watch; empty: all
     */
    BucketWatch(Supplier<Bucket> buckets, String key, Tasks tasks, Consumer<Bucket.Entry> changes) {
        this.buckets = buckets;
        this.key = key;
        this.tasks = tasks;
        this.changes = changes;
    }

    /**
     * Goes on until the task is interrupted.
     *
     * @throws PortException what keeps it from beginning; later only a refusal and {@code bucket.missing}
     */
    void run() throws InterruptedException {
        while (true) {
            try {
                over(buckets.get());
            } catch (PortException.Unavailable e) {
                if (!whole || e.code().equals("bucket.missing")) {
                    throw e;
                }
                LOG.log(Level.WARNING, "the watch waits for its connection: {0} [{1}]", e.getMessage(), e.code());
                tasks.sleep(PAUSE);
            }
        }
    }

    private void over(Bucket bucket) throws InterruptedException {
        // the keys alone are heard: what is there now is asked for, so that nothing old is taken for new
        Mailbox<String> changed = tasks.mailbox(CHANGES);
        Mailbox<Bucket.Entry> one = tasks.mailbox(CHANGES);
        try (Link.Subscription _ = key.isEmpty() ? bucket.watchAll(changed) : bucket.watch(key, one)) {
            compare(bucket);
            whole = true;
            while (true) {
                if (changed.size() >= CHANGES - 1 || one.size() >= CHANGES - 1) {
                    changed.drain(CHANGES);
                    one.drain(CHANGES);
                    compare(bucket);
                } else if (key.isEmpty()) {
                    heard(bucket, changed.poll(LOOK));
                } else {
                    Optional<Bucket.Entry> entry = one.poll(LOOK);
                    if (entry.isPresent()) {
                        tell(entry.get());
                    } else {
                        look(bucket, key);
                    }
                }
            }
        }
    }

    private void heard(Bucket bucket, Optional<String> name) throws InterruptedException {
        if (name.isPresent()) {
            look(bucket, name.get());
        } else if (there.isEmpty()) {
            bucket.keys();
        } else {
            look(bucket, there.iterator().next());
        }
    }

    /** Tells whatever is not as it was told last. */
    private void compare(Bucket bucket) throws InterruptedException {
        Set<String> names = new TreeSet<>(there);
        if (key.isEmpty()) {
            names.addAll(bucket.keys());
        } else {
            names.add(key);
        }
        for (String name : names) {
            look(bucket, name);
        }
    }

    private void look(Bucket bucket, String name) throws InterruptedException {
        Optional<Bucket.Entry> now = bucket.get(name);
        if (now.isPresent()) {
            tell(now.get());
        } else if (there.contains(name)) {
            // the server tells a deletion as nothing, so it has no revision
            tell(new Bucket.Entry(name, new byte[0], 0, true));
        }
    }

    /** Watches tell things twice, and late; people need them once, and in order. */
    private void tell(Bucket.Entry entry) {
        long before = last.getOrDefault(entry.key(), 0L);
        boolean old = entry.revision() > 0 && entry.revision() <= before;
        if (old || entry.deleted() && !there.contains(entry.key())) {
            return;
        }
        last.put(entry.key(), Math.max(before, entry.revision()));
        if (entry.deleted()) {
            there.remove(entry.key());
        } else {
            there.add(entry.key());
        }
        changes.accept(entry);
    }
}
