package io.machineroom.architecture.offenders.kit.ports;

public @interface Port {}
