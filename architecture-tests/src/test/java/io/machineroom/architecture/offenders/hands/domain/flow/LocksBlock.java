package io.machineroom.architecture.offenders.hands.domain.flow;

final class LocksBlock {
    int reach() {
        synchronized (this) {
            return 1;
        }
    }
}
