package io.machineroom.architecture.offenders.hands.domain.flow;

import java.time.Instant;
import java.util.function.Supplier;

final class RefersToClock {
    Supplier<Instant> reach() {
        return Instant::now;
    }
}
