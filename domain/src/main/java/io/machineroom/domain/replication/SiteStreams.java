package io.machineroom.domain.replication;

import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.List;

/** What a site's broker keeps. */
final class SiteStreams {
    /** What nodes of the site handed over and the SaaS does not have yet. */
    static final String INTAKE = "MR_INTAKE";
    /** The same of lane urgent. It never waits behind the others. */
    static final String URGENT = "MR_URGENT";

    /** What lane urgent may take besides, of that of all the others. */
    private static final long URGENT_SHARE = 16;

    private SiteStreams() {}

    /** A full site refuses: nodes keep what they have, and nothing that was taken is dropped. */
    static List<StreamSpec> intakes(long maxBytes, int replicas) {
        return List.of(
                intake(INTAKE, "mr.>", maxBytes).withReplicas(replicas),
                intake(URGENT, "mu.>", maxBytes / URGENT_SHARE).withReplicas(replicas));
    }

    private static StreamSpec intake(String name, String subjects, long maxBytes) {
        return new StreamSpec(
                name,
                List.of(Subject.of(subjects)),
                StreamSpec.Retention.SEALED_QUEUE,
                maxBytes,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW);
    }
}
