package io.machineroom.architecture.offenders.commands.app.cli;

import io.machineroom.architecture.offenders.commands.app.host.Disk;

record TouchesHost(Disk disk) {}
