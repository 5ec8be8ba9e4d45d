package io.machineroom.domain.agent;

import io.machineroom.ports.data.Value;
import java.time.Duration;

/** One of the two lives of a node. One task starts and stops it; {@link #status} is safe from any task. */
sealed interface Mode permits ProvisioningMode, ProvisionedMode {
    /**
     * Starts its services.
     *
     * @throws io.machineroom.ports.PortException.Corrupted {@code spool.*}: the node must not go on
     * @throws io.machineroom.ports.PortException.Refused likewise
     */
    void start();

    /** Stops them, leaf first, within the deadline. */
    void stop(Duration deadline) throws InterruptedException;

    Value.Obj status(StatusContext context);

    /** The spool, while it is open. */
    default java.util.Optional<io.machineroom.ports.spool.Spool> spool() {
        return java.util.Optional.empty();
    }

    /** The service that runs machines; a node that is not enrolled has none. */
    default java.util.Optional<MachineService> machines() {
        return java.util.Optional.empty();
    }

    /** Takes what other programs submit; only an enrolled node does. */
    default java.util.Optional<io.machineroom.domain.spooling.submission.Submissions> submissions() {
        return java.util.Optional.empty();
    }

    /** Answers requests about governors; a node that is not enrolled has none. */
    default java.util.Optional<io.machineroom.domain.orchestration.GovernorDesk> governors() {
        return java.util.Optional.empty();
    }

    /** Buckets over whichever link is up; a node that is not enrolled has none. */
    default java.util.Optional<java.util.function.Function<String, io.machineroom.ports.kv.Bucket>> buckets() {
        return java.util.Optional.empty();
    }

    /** On how many brokers what is made through this node is to lie, where nobody says how many. */
    default int replicas() {
        return 1;
    }

    /** What the agent as a whole knows. */
    record StatusContext(long uptimeSeconds, java.util.List<String> fallen, boolean stopped) {
        public StatusContext {
            fallen = java.util.List.copyOf(fallen);
        }
    }
}
