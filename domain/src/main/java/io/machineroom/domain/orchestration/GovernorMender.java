package io.machineroom.domain.orchestration;

import io.machineroom.ports.PortException;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.kv.Slots.Closed;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.TimeSource;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Opens governors that somebody closed to make them smaller, and was killed before they were open again. For whoever owns the
 * broker: a node may not. One that is closed by the same change for longer than any change takes is left; the clocks of others do not
 * count. One task.
 */
public final class GovernorMender {
    /** How often is looked. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    /** For how long one is seen closed at most, until it is opened. */
    public static final Duration PATIENCE = Slots.LONGEST_CHANGE.plusSeconds(5);

    private static final System.Logger LOG = System.getLogger(GovernorMender.class.getName());

    private final TimeSource time;
    private final Meter meter;
    private Map<Closed, Long> seen = Map.of();
    private boolean looked;
    private long last;
    private String told = "";

    public GovernorMender(TimeSource time, Meter meter) {
        this.time = time;
        this.meter = meter;
    }

    /** Looks, when the last look is long enough ago. A broker that does not answer, or does not allow it, is looked at again later. */
    public void look(Slots slots) throws InterruptedException {
        long now = time.ticks();
        if (looked && now - last < INTERVAL.toNanos()) {
            return;
        }
        looked = true;
        last = now;
        try {
            mend(slots, now);
            told = "";
        } catch (PortException.Unavailable | PortException.Refused e) {
            Level level = e.code().equals(told) ? Level.DEBUG : Level.WARNING;
            LOG.log(level, "nobody tells which governors are closed: {0}: {1}", e.code(), e.getMessage());
            told = e.code();
        }
    }

    private void mend(Slots slots, long now) throws InterruptedException {
        Map<Closed, Long> still = new HashMap<>();
        for (Closed closed : slots.closed()) {
            long since = seen.getOrDefault(closed, now);
            still.put(closed, since);
            if (now - since >= PATIENCE.toNanos() && slots.open(closed)) {
                still.remove(closed);
                meter.count("mr_governors_opened_total", 1);
                LOG.log(
                        Level.WARNING,
                        "governor {0} was closed by a change that did not end: it is open again, with the rules from before",
                        closed.governor());
            }
        }
        seen = still;
    }
}
