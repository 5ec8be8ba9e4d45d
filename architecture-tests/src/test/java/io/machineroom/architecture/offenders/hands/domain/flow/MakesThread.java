package io.machineroom.architecture.offenders.hands.domain.flow;

final class MakesThread {
    Thread reach() {
        return Thread.ofVirtual().unstarted(() -> {});
    }
}
