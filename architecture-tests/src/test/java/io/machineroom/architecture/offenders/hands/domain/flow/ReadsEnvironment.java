package io.machineroom.architecture.offenders.hands.domain.flow;

final class ReadsEnvironment {
    Object reach() {
        return System.getenv();
    }
}
