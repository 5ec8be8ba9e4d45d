package io.machineroom.architecture.offenders.adapters.chronicle;

import io.machineroom.architecture.offenders.adapters.http.Gate;

record SeesNeighbour(Gate gate) {}
