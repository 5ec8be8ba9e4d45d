package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import java.util.Optional;

/** What a job keeps while connections come and go. One task. */
record CopyParts(
        JobConfig job,
        ReplicatorPorts ports,
        CopyPlace place,
        CopyWindow window,
        JobTally tally,
        Optional<Limiter> limiter,
        HouseKeeping house,
        VanishedKeys vanished) {}
