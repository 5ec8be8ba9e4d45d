package io.machineroom.domain.spooling;

import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Lane;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Numbers of events that are gone, by lane and cause, until the spool has a void for them. One task. */
final class OwedVoids {
    private final Meter meter;
    private final Map<Lane, Map<String, Long>> owed = new EnumMap<>(Lane.class);

    OwedVoids(Meter meter) {
        this.meter = meter;
    }

    void add(Lane lane, String cause) {
        owed.computeIfAbsent(lane, l -> new TreeMap<>()).merge(cause, 1L, Long::sum);
    }

    boolean isEmpty() {
        return owed.isEmpty();
    }

    /**
     * Writes them; returns how many numbers were voided.
     *
     * @throws io.machineroom.ports.PortException what was not written is still owed
     */
    long write(Spool spool) throws InterruptedException {
        long written = 0;
        for (Lane lane : List.copyOf(owed.keySet())) {
            Map<String, Long> causes = owed.getOrDefault(lane, Map.of());
            for (Map.Entry<String, Long> one : List.copyOf(causes.entrySet())) {
                spool.skip(lane, one.getValue(), one.getKey());
                causes.remove(one.getKey());
                written += one.getValue();
                meter.count("mr_events_void_total", "cause", one.getKey(), one.getValue());
            }
            owed.remove(lane);
        }
        return written;
    }
}
