package io.machineroom.architecture.offenders.jars.app.backplane;

public final class Up {}
