package io.machineroom.ports.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Waits for conditions that nobody announces: they are looked at after every step. */
final class SimConditions {
    private final Map<SimWait, BooleanSupplier> waits = new LinkedHashMap<>();

    void add(SimWait wait, BooleanSupplier condition) {
        waits.put(wait, condition);
    }

    void remove(SimWait wait) {
        waits.remove(wait);
    }

    /** Forgets waits of tasks that are no more. */
    void dropDead() {
        waits.keySet().removeIf(wait -> wait.task().done());
    }

    /** Those whose condition holds, in the order in which they began to wait. */
    List<SimWait> ready() {
        if (waits.isEmpty()) {
            return List.of();
        }
        List<SimWait> ready = new ArrayList<>(1);
        waits.forEach((wait, condition) -> {
            if (condition.getAsBoolean()) {
                ready.add(wait);
            }
        });
        return ready;
    }

    /** In nanoseconds; very long ones are for ever. */
    static long clamp(Duration duration) {
        return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : duration.toNanos();
    }
}
