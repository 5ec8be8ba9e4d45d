package io.machineroom.architecture.offenders.floors.domain.flow;

import io.machineroom.architecture.offenders.floors.domain.agent.Lodger;

record Climbs(Lodger lodger) {}
