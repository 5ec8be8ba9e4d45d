package io.machineroom.architecture.offenders.hands.domain.flow;

final class StartsProcess {
    ProcessBuilder reach() {
        return new ProcessBuilder("true");
    }
}
