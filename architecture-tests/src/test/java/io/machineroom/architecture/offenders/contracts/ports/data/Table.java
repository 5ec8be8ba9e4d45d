package io.machineroom.architecture.offenders.contracts.ports.data;

interface Table {
    int[] SIZES = {1, 2};
}
