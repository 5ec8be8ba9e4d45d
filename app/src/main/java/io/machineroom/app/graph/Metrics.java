package io.machineroom.app.graph;

/** The metrics of the process. Safe from any thread. */
@FunctionalInterface
public interface Metrics {
    /** All of them as Prometheus text. */
    String text();
}
