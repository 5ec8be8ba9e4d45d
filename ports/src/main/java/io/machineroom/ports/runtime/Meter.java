package io.machineroom.ports.runtime;

import io.machineroom.ports.Port;
import java.util.Map;

/**
 * Counts and measures. Names carry the unit ({@code mr_spool_bytes}) and are listed in
 * {@code docs/metrics.md}; label values are few and never secret. Safe from any task; never blocks.
 */
@Port
public interface Meter {
    /** Adds to a counter; the name ends in {@code _total}. */
    void count(String name, long amount);

    /** Adds to a counter with one label. */
    void count(String name, String label, String value, long amount);

    /**
     * Adds to a counter with labels, always the same ones for a name. The name may be any: some are given by the dashboards
     * of others.
     */
    void count(String name, Map<String, String> labels, long amount);

    /** Sets a gauge. */
    void gauge(String name, double value);

    /** Sets a gauge with one label. */
    void gauge(String name, String label, String value, double number);

    /** Sets a gauge with labels, always the same ones for a name. */
    void gauge(String name, Map<String, String> labels, double value);
}
