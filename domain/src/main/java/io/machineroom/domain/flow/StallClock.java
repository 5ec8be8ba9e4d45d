package io.machineroom.domain.flow;

import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.stream.Lane;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * For how long receipts have stood still, of each lane by itself: one of few events must not wait behind one whose receipts come
 * every second. Time during which the line behind the next hop is known to be down does not count: no receipt can come then. One task.
 */
final class StallClock {
    private final TimeSource time;
    private final Backoff patience;
    /** Lanes that have something sent without a receipt, and ticks since when nothing of them was receipted. */
    private final Map<Lane, Long> still = new EnumMap<>(Lane.class);
    /** How often the pump went back for a lane and nothing of it was receipted since. */
    private final Map<Lane, Integer> stalls = new EnumMap<>(Lane.class);

    private long movedAt;
    private long lookedAt;

    StallClock(TimeSource time, PumpSettings settings) {
        this.time = time;
        this.patience = Backoff.doubling(settings.stallAfter(), PumpSettings.LONGEST_STALL);
        back();
    }

    /** The pump goes back, or begins: nothing counts as sent. */
    void back() {
        still.clear();
        movedAt = time.ticks();
        lookedAt = movedAt;
    }

    /** Something of the lane was sent. */
    void sent(Lane lane) {
        if (still.isEmpty()) {
            movedAt = time.ticks();
        }
        still.putIfAbsent(lane, time.ticks());
    }

    /** A receipt let something of the lane go; whether more of it waits for one. */
    void progress(Lane lane, boolean more) {
        movedAt = time.ticks();
        stalls.remove(lane);
        if (more) {
            still.put(lane, movedAt);
        } else {
            still.remove(lane);
        }
    }

    /** To be called often; {@code down} while nothing can move. */
    void look(boolean down) {
        long now = time.ticks();
        long passed = now - lookedAt;
        if (down) {
            movedAt += passed;
            still.replaceAll((lane, since) -> since + passed);
        }
        lookedAt = now;
    }

    /** Whether it is time to go back; counted for the lanes that stood still too long. */
    boolean stalled() {
        long now = time.ticks();
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

    /** For how long nothing moved in any lane. */
    Duration still() {
        return Duration.ofNanos(time.ticks() - movedAt);
    }
}
