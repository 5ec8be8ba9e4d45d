package io.machineroom.architecture.offenders.commands.nats;

public final class Wire {}
