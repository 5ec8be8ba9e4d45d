package io.machineroom.domain.machine;

import io.machineroom.ports.runtime.Tasks;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the built-in machine {@code facts_refresh} does for its agent. A host that finds one among its extras has that
 * machine; watchers do not get at it.
 *
 * @param version version of the agent, which the machine bears
 * @param interval time between gatherings
 * @param configFile named in the machine's command, which stands for what is done within this process
 * @param gather gathers and writes the facts; takes up to half a minute, throws a {@code PortException} when it fails
 */
public record FactsChore(String version, Duration interval, Path configFile, Tasks.Body gather) {}
