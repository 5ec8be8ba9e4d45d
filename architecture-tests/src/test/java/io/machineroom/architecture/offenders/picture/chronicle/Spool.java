package io.machineroom.architecture.offenders.picture.chronicle;

public final class Spool {}
