package io.machineroom.domain.orchestration;

import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;

/**
 * What an election needs of the world.
 *
 * @param tasks starts its campaigns
 * @param time its clock
 * @param entropy spreads waits
 * @param meter counts
 * @param buckets where the bucket is now
 */
public record ElectionPorts(Tasks tasks, TimeSource time, Entropy entropy, Meter meter, Supply buckets) {
    /** Finds the bucket of the election; asked for each campaign. */
    @FunctionalInterface
    public interface Supply {
        /**
         * The bucket over whatever connection there is.
         *
         * @throws io.machineroom.ports.PortException.Unavailable when there is none
         */
        Bucket bucket() throws InterruptedException;
    }
}
