package io.machineroom.architecture.offenders.doors.chronicle;

final class NoDoor {}
