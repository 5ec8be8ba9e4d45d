package io.machineroom.architecture.offenders.doors.nats;

public final class NatsWindow {}
