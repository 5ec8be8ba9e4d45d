package io.machineroom.architecture.offenders.secrets.ports.data;

public final class Secret {}
