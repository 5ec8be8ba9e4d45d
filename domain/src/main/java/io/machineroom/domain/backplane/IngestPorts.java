package io.machineroom.domain.backplane;

import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;

/** The ports that taking events in needs. */
public record IngestPorts(
        Tasks tasks, TimeSource time, Entropy entropy, Meter meter, JsonFormat json, EventFormat format) {}
