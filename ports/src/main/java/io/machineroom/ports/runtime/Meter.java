package io.machineroom.ports.runtime;

import io.machineroom.ports.Port;

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

    /** Sets a gauge. */
    void gauge(String name, double value);

    /** Sets a gauge with one label. */
    void gauge(String name, String label, String value, double number);
}
