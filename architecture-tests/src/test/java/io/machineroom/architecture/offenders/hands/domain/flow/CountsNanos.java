package io.machineroom.architecture.offenders.hands.domain.flow;

final class CountsNanos {
    long reach() {
        return System.nanoTime();
    }
}
