package io.machineroom.architecture.offenders.contracts.ports.data;

final class Worker {}
