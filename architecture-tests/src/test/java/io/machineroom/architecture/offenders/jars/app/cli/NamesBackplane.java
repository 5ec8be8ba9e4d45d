package io.machineroom.architecture.offenders.jars.app.cli;

import io.machineroom.architecture.offenders.jars.app.backplane.Up;

record NamesBackplane(Up up) {}
