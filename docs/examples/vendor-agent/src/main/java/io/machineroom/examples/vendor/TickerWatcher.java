package io.machineroom.examples.vendor;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Outcome;
import io.machineroom.ports.watcher.Properties;
import io.machineroom.ports.watcher.Watcher;
import io.machineroom.ports.watcher.WatcherContext;
import io.machineroom.ports.watcher.WatcherType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Publishes events and keeps its own books: FILE.planned before, FILE.accepted once durable, until FILE.stop exists. */
record TickerWatcher(WatcherContext context, String file, long count) implements Watcher {
    @Override
    public Outcome check(Trigger trigger) {
        for (long i = 0; i < count && !Files.exists(Path.of(file + ".stop")); i++) {
            String key = context.entropy().uuid();
            note(".planned", key);
            context.publish("tick", Value.obj("key", Value.text(key)), () -> note(".accepted", key));
        }
        return new Outcome.Unchanged("ticked");
    }

    @Override
    public Value.Obj state() {
        return Value.obj("count", Value.num(count));
    }

    private void note(String suffix, String key) {
        try {
            Files.writeString(Path.of(file + suffix), key + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static final class Type implements WatcherType {
        @Override
        public String name() {
            return "ticker";
        }

        @Override
        public IntervalRule interval() {
            return new IntervalRule(Duration.ofMillis(50), null, true, true, false);
        }

        @Override
        public Watcher create(Properties properties, WatcherContext context) {
            return new TickerWatcher(context, properties.required("file"), properties.whole("count", 1, 1, 10_000));
        }
    }
}
