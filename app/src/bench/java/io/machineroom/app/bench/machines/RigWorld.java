package io.machineroom.app.bench.machines;

import io.machineroom.ports.PortException;
import io.machineroom.ports.artifact.ArtifactStore;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.VerifyKey;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a rig gives a machine host in place of the agent's own.
 *
 * @param time the clocks that the engine sees
 * @param pulse notes when watchers are asked
 * @param key whose lists of machines are followed; empty for nobody's
 * @param artifacts brings archives
 * @param buckets desired state
 */
record RigWorld(
        TimeSource time,
        Pulse pulse,
        Optional<VerifyKey.Ed25519> key,
        ArtifactStore artifacts,
        Function<String, Bucket> buckets) {
    /** Without link and deployment. */
    static RigWorld alone(TimeSource time, Pulse pulse) {
        return new RigWorld(time, pulse, Optional.empty(), (source, login, maxBytes, into, timeout) -> 0, name -> {
            throw new PortException.Unavailable("bucket.unreachable", "the rig has no link");
        });
    }
}
