package io.machineroom.architecture.offenders.picture.app;

public final class Front {}
