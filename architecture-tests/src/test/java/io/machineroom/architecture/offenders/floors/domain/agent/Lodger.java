package io.machineroom.architecture.offenders.floors.domain.agent;

public final class Lodger {}
