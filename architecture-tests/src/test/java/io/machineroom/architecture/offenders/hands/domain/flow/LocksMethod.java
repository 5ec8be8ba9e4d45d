package io.machineroom.architecture.offenders.hands.domain.flow;

final class LocksMethod {
    synchronized void reach() {}
}
