package io.machineroom.architecture.offenders.floors.domain;

final class Squatter {}
