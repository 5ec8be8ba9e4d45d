package io.machineroom.architecture.offenders.floors.domain.attic;

final class Ghost {}
