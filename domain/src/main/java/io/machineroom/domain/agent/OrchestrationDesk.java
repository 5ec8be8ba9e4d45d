package io.machineroom.domain.agent;

import io.machineroom.domain.orchestration.BucketDesk;
import io.machineroom.domain.orchestration.ElectionDesk;
import io.machineroom.ports.kv.Bucket;
import java.util.function.Function;
import java.util.function.Supplier;

/** The desks for what nodes do together, over the links of a running agent. Safe from any task. */
public final class OrchestrationDesk {
    private final Function<String, Bucket> buckets;
    private final AgentPorts ports;
    private final Supplier<String> identity;
    private final int replicas;

    /**
     * The desks.
     *
     * @param replicas of what is made here, where nobody says how many
     */
    OrchestrationDesk(Function<String, Bucket> buckets, AgentPorts ports, Supplier<String> identity, int replicas) {
        this.buckets = buckets;
        this.ports = ports;
        this.identity = identity;
        this.replicas = replicas;
    }

    public BucketDesk buckets() {
        return new BucketDesk(buckets, ports.tasks(), replicas);
    }

    public ElectionDesk elections() {
        return new ElectionDesk(
                buckets,
                new ElectionDesk.Means(ports.tasks(), ports.time(), ports.entropy(), ports.meter(), identity.get()));
    }
}
