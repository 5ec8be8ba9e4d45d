package io.machineroom.domain.spooling.submission;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.security.Keyring;
import io.machineroom.ports.security.Signatures;

/**
 * The ports that taking submissions needs.
 *
 * @param keyring the node's keys, for {@code sign}
 */
public record SubmissionPorts(
        Tasks tasks,
        TimeSource time,
        Entropy entropy,
        Meter meter,
        JsonFormat json,
        Keyring keyring,
        Signatures signatures) {}
