package io.machineroom.domain.orchestration;

import io.machineroom.domain.orchestration.ElectionEar.Standing;
import io.machineroom.ports.runtime.Meter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The metrics of one member under the names that dashboards of the original know. */
final class ElectionMeter {
    private final Meter meter;
    private final String prefix;
    private final Map<String, String> labels;

    ElectionMeter(ElectionPlan plan, Meter meter) {
        this.meter = meter;
        this.prefix = plan.metrics() + "election_";
        Map<String, String> all = new LinkedHashMap<>(plan.labels());
        all.put("election", plan.key());
        all.put("identity", plan.candidate());
        this.labels = Map.copyOf(all);
    }

    void campaign(Standing as) {
        Map<String, String> more = new LinkedHashMap<>(labels);
        more.put("state", as.name().toLowerCase(Locale.ROOT));
        meter.count(prefix + "campaigns", more, 1);
    }

    void state(boolean leads, Duration interval) {
        meter.gauge(prefix + "leader", labels, leads ? 1 : 0);
        meter.gauge(prefix + "interval_seconds", labels, interval.toMillis() / 1_000.0);
    }
}
