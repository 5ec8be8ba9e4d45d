package io.machineroom.architecture.offenders.wiring.app.cli;

import io.machineroom.architecture.offenders.wiring.app.wiring.Graph;

record SeesWiring(Graph graph) {}
