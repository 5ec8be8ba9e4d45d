package io.machineroom.domain.flow;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.util.Optional;

/**
 * What a pump needs of the machine underneath.
 *
 * @param ear hears of the line behind the leader of a site; empty for a node that has none
 */
public record PumpRuntime(Tasks tasks, TimeSource time, Entropy entropy, Meter meter, Optional<UplinkEar> ear) {
    /** Of a node without a leader. */
    public PumpRuntime(Tasks tasks, TimeSource time, Entropy entropy, Meter meter) {
        this(tasks, time, entropy, meter, Optional.empty());
    }
}
