package io.machineroom.ports.watcher;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What a watcher may use. Safe from the watcher's own task. */
public interface WatcherContext {
    String identity();

    String machineName();

    String watcherName();

    /** The machine's instance, new at each start of it; a UUID. */
    default String instance() {
        return "00000000-0000-0000-0000-000000000000";
    }

    /** The machine's directory: working directory of commands and base of relative paths. */
    Path directory();

    /** The current state of the machine. */
    String state();

    /** The node's facts. */
    Value.Obj facts();

    /** The machine's data, as it is now. */
    Value.Obj data();

    /**
     * What this watcher found last before its agent was restarted: the fields of its state event. Empty unless its
     * machine keeps its state ({@code persist_state}).
     */
    default Optional<Value.Obj> remembered() {
        return Optional.empty();
    }

    /** Sets one key of the machine's data, durably. */
    void put(String key, Value value);

    /** Sets several keys of the machine's data, durably and together. */
    default void putAll(Value.Obj values) {
        values.fields().forEach(this::put);
    }

    /** Removes one key of the machine's data, durably. */
    void remove(String key);

    /** Expands {@code {{ lookup "facts.x" "default" }}} text (spec 1.11). */
    String expand(String template);

    /** A bucket of the desired state, over whichever link is up; its calls are unavailable while none is. */
    Bucket bucket(String name);

    /** Asks for a check with {@link Watcher.Trigger#WOKEN}; never blocks; several wakes merge. */
    void wake();

    /**
     * An own event of this machine, sent like every event: type {@code io.machineroom.<kind>.v1}. Never blocks.
     *
     * @param kind one subject token
     */
    default void publish(String kind, Value.Obj data) {
        publish(kind, data, () -> {});
    }

    /**
     * As {@link #publish(String, Value.Obj)}, and tells when the event is durable on this node; never told when a full
     * spool dropped it. The callback runs in another task and must be quick.
     */
    void publish(String kind, Value.Obj data, Runnable whenDurable);

    TimeSource time();

    /** The interval of this watcher, with the fallback of its kind; empty for none, and while properties are tried. */
    default Optional<Duration> interval() {
        return Optional.empty();
    }

    Entropy entropy();

    /** A port by its type, when this build grants it to watchers: {@code ProcessRunner}, {@code HostFiles}, {@code Elections}. */
    <T> Optional<T> port(Class<T> type);
}
