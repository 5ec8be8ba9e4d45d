package io.machineroom.domain.machine;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.watcher.Scratch;
import io.machineroom.domain.watcher.WatcherCatalog;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ProcessRunner;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What all machines of a host share. Everything here is safe from any task.
 *
 * @param tasks starts and waits
 * @param time clocks
 * @param entropy chance
 * @param events makes events
 * @param out where events go; never blocks
 * @param facts the node's facts as they are now
 * @param buckets desired state by bucket name
 * @param catalog kinds of watchers
 * @param granted ports that watchers may use, by type
 * @param neighbours the other machines
 */
record MachineSurroundings(
        Tasks tasks,
        TimeSource time,
        Entropy entropy,
        Events events,
        Consumer<Outgoing> out,
        Supplier<Value.Obj> facts,
        Function<String, Bucket> buckets,
        WatcherCatalog catalog,
        Map<Class<?>, Object> granted,
        Neighbours neighbours) {
    MachineSurroundings {
        granted = Map.copyOf(granted);
    }

    /** The same for built-in machines: their commands are done within this process, and want no files. */
    MachineSurroundings ofBuiltIns(Optional<FactsChore> chore) {
        Map<Class<?>, Object> own = new LinkedHashMap<>(granted);
        own.remove(Scratch.class);
        chore.ifPresent(todo -> own.put(ProcessRunner.class, new ChoreProcesses(todo.gather())));
        return new MachineSurroundings(tasks, time, entropy, events, out, facts, buckets, catalog, own, neighbours);
    }

    <T> Optional<T> port(Class<T> type) {
        return Optional.ofNullable(granted.get(type)).map(type::cast);
    }

    /** The machines of the host, by name. */
    interface Neighbours {
        /** The state of the first machine of that name; empty when there is none. */
        Optional<String> state(String machine);

        /** A machine moved; every machine, itself included, is told. Never blocks. */
        void moved(String machine, String event);
    }
}
