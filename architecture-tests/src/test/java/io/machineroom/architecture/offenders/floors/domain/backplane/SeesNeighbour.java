package io.machineroom.architecture.offenders.floors.domain.backplane;

import io.machineroom.architecture.offenders.floors.domain.agent.Lodger;

record SeesNeighbour(Lodger lodger) {}
