package io.machineroom.architecture.offenders.names.domain.common;

final class Everything {}
