package io.machineroom.domain.replication;

import io.machineroom.ports.stream.StreamSpec;
import io.machineroom.ports.stream.Subject;
import java.time.Duration;
import java.util.List;

/** What a site's broker keeps. */
final class SiteStreams {
    /** What nodes of the site handed over and the SaaS does not have yet. */
    static final String INTAKE = "MR_INTAKE";
    /** Desired state, copied from the SaaS. */
    static final String CONFIG = "CONFIG";

    private SiteStreams() {}

    /** A full site refuses: nodes keep what they have, and nothing that was taken is dropped. */
    static StreamSpec intake(long maxBytes) {
        return new StreamSpec(
                INTAKE,
                List.of(Subject.of("mr.>")),
                StreamSpec.Retention.SEALED_QUEUE,
                maxBytes,
                Duration.ZERO,
                0,
                StreamSpec.Discard.NEW);
    }
}
