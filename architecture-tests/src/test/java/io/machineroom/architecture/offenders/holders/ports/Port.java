package io.machineroom.architecture.offenders.holders.ports;

public @interface Port {}
