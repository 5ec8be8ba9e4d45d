package io.machineroom.architecture.offenders.wiring.app.wiring;

public final class Graph {}
