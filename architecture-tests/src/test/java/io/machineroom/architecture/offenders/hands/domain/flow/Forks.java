package io.machineroom.architecture.offenders.hands.domain.flow;

import java.util.List;

final class Forks {
    long reach() {
        return List.of(1).parallelStream().count();
    }
}
