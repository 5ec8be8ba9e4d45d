package io.machineroom.domain.backplane;

import io.machineroom.ports.runtime.Meter;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Nodes whose records met a fault of the program. Each waits, longer each time, while all others go on; what it
 * sent stays in its own spool, for it gets no receipt. Belongs to the task of a partition.
 */
final class Quarantine {
    private static final System.Logger LOG = System.getLogger(Quarantine.class.getName());
    private static final long FIRST_NANOS = 1_000_000_000L;
    private static final long LONGEST_NANOS = 300_000_000_000L;

    private final Meter meter;
    private final Map<String, Pause> pauses = new HashMap<>();
    private final Set<String> fresh = new HashSet<>();

    Quarantine(Meter meter) {
        this.meter = meter;
    }

    /** How long a node waits, and until when. */
    private record Pause(long nanos, long until) {}

    /** Whether records of the node are not looked at now. */
    boolean waits(String node, long now) {
        Pause pause = pauses.get(node);
        return pause != null && pause.until() - now > 0;
    }

    /** Lets the node wait from now on. */
    void enter(String node, String what, RuntimeException fault, long now) {
        Pause before = pauses.get(node);
        long nanos = before != null && now - before.until() < LONGEST_NANOS
                ? Math.min(LONGEST_NANOS, before.nanos() * 2)
                : FIRST_NANOS;
        pauses.put(node, new Pause(nanos, now + nanos));
        fresh.add(node);
        meter.count("mr_backplane_faults_total", "part", "ingest", 1);
        LOG.log(
                System.Logger.Level.ERROR,
                "ingest.fault: node " + node + " waits " + nanos / 1_000_000_000L + " s: " + what,
                fault);
    }

    /** Nodes that entered since this was asked last. */
    Set<String> entered() {
        Set<String> out = Set.copyOf(fresh);
        fresh.clear();
        return out;
    }
}
