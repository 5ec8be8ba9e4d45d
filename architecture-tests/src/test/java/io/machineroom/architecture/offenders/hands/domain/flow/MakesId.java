package io.machineroom.architecture.offenders.hands.domain.flow;

import java.util.UUID;

final class MakesId {
    UUID reach() {
        return UUID.randomUUID();
    }
}
