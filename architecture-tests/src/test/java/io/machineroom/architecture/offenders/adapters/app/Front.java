package io.machineroom.architecture.offenders.adapters.app;

public final class Front {}
