package io.machineroom.domain.machine;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.watcher.WatcherContext;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/** What a watcher sees while its properties are only tried: nothing, and time stands still. */
record TrialContext(String watcherName) implements WatcherContext {
    @Override
    public String identity() {
        return "trial";
    }

    @Override
    public String machineName() {
        return "trial";
    }

    @Override
    public Path directory() {
        return Path.of("/");
    }

    @Override
    public String state() {
        return "";
    }

    @Override
    public Value.Obj facts() {
        return Value.obj();
    }

    @Override
    public Value.Obj data() {
        return Value.obj();
    }

    @Override
    public void put(String key, Value value) {
        throw new PortException.Unavailable("machine.stopped", "nothing is kept while properties are tried");
    }

    @Override
    public void remove(String key) {
        throw new PortException.Unavailable("machine.stopped", "nothing is kept while properties are tried");
    }

    @Override
    public String expand(String template) {
        return template;
    }

    @Override
    public Bucket bucket(String name) {
        throw new PortException.Unavailable("bucket.unreachable", "no bucket is open while properties are tried");
    }

    @Override
    public void wake() {}

    @Override
    public void publish(String kind, Value.Obj data, Runnable whenDurable) {}

    @Override
    public TimeSource time() {
        return new TimeSource() {
            @Override
            public Instant wall() {
                return Instant.EPOCH;
            }

            @Override
            public long ticks() {
                return 0;
            }
        };
    }

    @Override
    public Entropy entropy() {
        return new Entropy() {
            @Override
            public byte[] bytes(int count) {
                return new byte[count];
            }

            @Override
            public long below(long bound) {
                return 0;
            }
        };
    }

    @Override
    public <T> Optional<T> port(Class<T> type) {
        return Optional.empty();
    }
}
