package io.machineroom.architecture.offenders.hands.domain.flow;

import java.util.concurrent.locks.ReentrantLock;

final class HoldsLock {
    Object reach() {
        return new ReentrantLock();
    }
}
