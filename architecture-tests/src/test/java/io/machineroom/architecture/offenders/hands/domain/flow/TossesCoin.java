package io.machineroom.architecture.offenders.hands.domain.flow;

final class TossesCoin {
    double reach() {
        return Math.random();
    }
}
