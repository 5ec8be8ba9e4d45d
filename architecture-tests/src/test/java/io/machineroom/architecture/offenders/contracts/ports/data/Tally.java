package io.machineroom.architecture.offenders.contracts.ports.data;

record Tally(int number) {
    static int total;
}
