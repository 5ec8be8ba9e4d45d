package io.machineroom.domain.machine;

import java.nio.file.Path;
import java.util.List;

/**
 * How one machine of the host does.
 *
 * @param name name of the machine; of one that was refused that of its directory, because another may bear its name
 * @param version its version; empty when it could not be read
 * @param state current state; empty when it does not run
 * @param directory working directory
 * @param loadError what keeps it from running; empty when nothing does
 * @param id instance id; empty when it does not run
 * @param startTime Unix seconds when its watchers started; 0 when they did not
 * @param transitions transitions possible now
 * @param origin {@code built-in}, {@code directory} or {@code plugin}
 * @param manifestName name in the manifest of a machine that was refused; empty when that could not be read
 */
public record MachineStatus(
        String name,
        String version,
        String state,
        Path directory,
        String loadError,
        String id,
        long startTime,
        List<String> transitions,
        String origin,
        String manifestName) {
    public MachineStatus {
        transitions = List.copyOf(transitions);
    }
}
