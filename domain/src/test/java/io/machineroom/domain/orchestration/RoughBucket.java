package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketFacts;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.Optional;

/** A bucket over a bad line: slow, cut off for a while, and now and then an answer is lost. */
final class RoughBucket implements Bucket {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Bucket server;
    private final Tasks tasks;
    private final Entropy chance;
    private final int slowest;
    private boolean cut;

    RoughBucket(Bucket server, Tasks tasks, Entropy chance, int slowest) {
        this.server = server;
        this.tasks = tasks;
        this.chance = chance;
        this.slowest = slowest;
    }

    void cut(boolean away) {
        cut = away;
    }

    private interface Call<T> {
        T make() throws InterruptedException;
    }

    private <T> T over(Call<T> call) throws InterruptedException {
        way();
        T answer = call.make();
        if (chance.below(20) == 0) {
            tasks.sleep(PATIENCE);
            throw new PortException.Unavailable("bucket.unreachable", "the answer was lost");
        }
        way();
        return answer;
    }

    private void way() throws InterruptedException {
        tasks.sleep(Duration.ofMillis(chance.below(slowest)));
        if (cut) {
            tasks.sleep(PATIENCE);
            throw new PortException.Unavailable("bucket.unreachable", "the line is cut");
        }
    }

    @Override
    public Optional<Entry> get(String key) throws InterruptedException {
        return over(() -> server.get(key));
    }

    @Override
    public long put(String key, byte[] value) throws InterruptedException {
        return over(() -> server.put(key, value));
    }

    @Override
    public Optional<Long> create(String key, byte[] value) throws InterruptedException {
        return over(() -> server.create(key, value));
    }

    @Override
    public Optional<Long> update(String key, byte[] value, long revision) throws InterruptedException {
        return over(() -> server.update(key, value, revision));
    }

    @Override
    public void delete(String key) throws InterruptedException {
        over(() -> {
            server.delete(key);
            return true;
        });
    }

    @Override
    public boolean delete(String key, long revision) throws InterruptedException {
        return over(() -> server.delete(key, revision));
    }

    @Override
    public BucketFacts facts() throws InterruptedException {
        return over(server::facts);
    }

    @Override
    public Link.Subscription watch(String key, Mailbox<Entry> into) {
        return server.watch(key, into);
    }
}
