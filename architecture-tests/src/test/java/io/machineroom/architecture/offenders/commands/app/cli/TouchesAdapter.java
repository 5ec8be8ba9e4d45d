package io.machineroom.architecture.offenders.commands.app.cli;

import io.machineroom.architecture.offenders.commands.nats.Wire;

record TouchesAdapter(Wire wire) {}
