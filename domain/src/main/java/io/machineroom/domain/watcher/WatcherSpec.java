package io.machineroom.domain.watcher;

import io.machineroom.ports.data.Value;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One watcher as its machine defines it, checked.
 *
 * @param name unique in the machine
 * @param type kind of watcher
 * @param stateMatch states in which it is active; empty for all
 * @param foreignStates states of other machines that must hold as well
 * @param success transition to fire on success; empty for none
 * @param failure transition to fire on failure; empty for none
 * @param interval time between checks, with the fallback of its kind; null for none
 * @param announce time between announcements of its state; null for none
 * @param properties what its kind reads
 * @param path where its properties stand in the manifest, for problems
 */
public record WatcherSpec(
        String name,
        String type,
        List<String> stateMatch,
        List<ForeignState> foreignStates,
        String success,
        String failure,
        @Nullable Duration interval,
        @Nullable Duration announce,
        Value.Obj properties,
        String path) {
    public WatcherSpec {
        stateMatch = List.copyOf(stateMatch);
        foreignStates = List.copyOf(foreignStates);
    }

    /** The same with an interval; null for none. */
    public WatcherSpec every(@Nullable Duration time) {
        return new WatcherSpec(
                name, type, stateMatch, foreignStates, success, failure, time, announce, properties, path);
    }

    /** Another machine of this host must be in a state. */
    public record ForeignState(String machine, String state) {}
}
