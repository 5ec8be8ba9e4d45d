package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.JobConfig;
import io.machineroom.ports.runtime.Meter;
import java.util.Map;

/** The metrics of one job under the names that dashboards of the original know. Safe from any task. */
final class JobMeter {
    static final String PREFIX = "choria_stream_replicator_";

    private final Meter meter;
    private final Map<String, String> labels;
    private final Map<String, String> limiterLabels;

    JobMeter(Meter meter, String replicator, JobConfig job) {
        this.meter = meter;
        this.labels = Map.of("stream", job.stream(), "replicator", replicator, "worker", job.name());
        // the original has the name of the consumer here
        this.limiterLabels = Map.of("limiter", "memory", "stream", job.consumer(), "replicator", replicator);
    }

    void count(String name, long amount) {
        meter.count(PREFIX + name, labels, amount);
    }

    void gauge(String name, double value) {
        meter.gauge(PREFIX + name, labels, value);
    }

    void limiter(String name) {
        meter.count(PREFIX + name, limiterLabels, 1);
    }

    void advisor(String name) {
        meter.count(
                PREFIX + name,
                Map.of(
                        "advisory", labels.getOrDefault("worker", ""),
                        "stream", labels.getOrDefault("stream", ""),
                        "replicator", labels.getOrDefault("replicator", "")),
                1);
    }
}
