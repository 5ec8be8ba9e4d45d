package io.machineroom.architecture.offenders.hands.domain.flow;

final class Prints {
    void reach() {
        System.out.println();
    }
}
