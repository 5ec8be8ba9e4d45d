package io.machineroom.domain.machine;

import io.machineroom.domain.deployment.DeployerSettings;
import java.time.Duration;

/**
 * Settings of the machine host.
 *
 * @param scanInterval time between looks at the machine store, {@code machines.scan_interval}
 * @param pollInterval time between looks at the list of machines, {@code machines.poll_interval}
 * @param deployment what governs deployment over the air
 * @param mostMachines machines beyond are refused, {@code machines.max}
 * @param mostCommands commands that run at once, {@code machines.max_commands}; more wait
 */
public record HostSettings(
        Duration scanInterval, Duration pollInterval, DeployerSettings deployment, int mostMachines, int mostCommands) {
    /** With the limits of the configuration's defaults. */
    public HostSettings(Duration scanInterval, Duration pollInterval, DeployerSettings deployment) {
        this(scanInterval, pollInterval, deployment, 200, 32);
    }
}
