package io.machineroom.architecture.offenders.commands.app.host;

public final class Disk {}
