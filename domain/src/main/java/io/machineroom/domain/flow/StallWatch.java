package io.machineroom.domain.flow;

import io.machineroom.ports.stream.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How long the receipts of each lane stand still. Each lane has its own clock: a lane of few events must not wait behind
 * one whose receipts come every second. One task; times are ticks.
 */
final class StallWatch {
    private final Backoff patience;
    /** Lanes that have something sent without a receipt, and since when nothing of them was receipted. */
    private final Map<Lane, Long> still = new EnumMap<>(Lane.class);
    /** How often the pump went back for a lane and nothing of it was receipted since. */
    private final Map<Lane, Integer> stalls = new EnumMap<>(Lane.class);

    /** {@code after} is doubled each time that it did not help, up to {@link PumpSettings#LONGEST_STALL}. */
    StallWatch(Duration after) {
        this.patience = Backoff.doubling(after, PumpSettings.LONGEST_STALL);
    }

    /** Something of the lane was sent. */
    void sent(Lane lane, long now) {
        still.putIfAbsent(lane, now);
    }

    /** Something of the lane was receipted; whether more of it waits for a receipt. */
    void receipted(Lane lane, boolean more, long now) {
        stalls.remove(lane);
        if (more) {
            still.put(lane, now);
        } else {
            still.remove(lane);
        }
    }

    /** Whether the pump must go back; counts that for the lanes that stood still too long. */
    boolean isDue(long now) {
        boolean due = false;
        for (Map.Entry<Lane, Long> lane : still.entrySet()) {
            int before = stalls.getOrDefault(lane.getKey(), 0);
            if (now - lane.getValue() >= patience.plain(before).toNanos()) {
                stalls.put(lane.getKey(), before + 1);
                due = true;
            }
        }
        return due;
    }

    /** The pump goes back: nothing counts as sent. */
    void forget() {
        still.clear();
    }
}
