package io.machineroom.architecture.offenders.hands.domain.flow;

import java.time.Instant;

final class ReadsClock {
    Instant reach() {
        return Instant.now();
    }
}
