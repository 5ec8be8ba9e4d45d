package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Meter;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Remembers what was measured. */
public final class SimMeter implements Meter {
    private final Map<String, Long> counters = new TreeMap<>();
    private final Map<String, Double> gauges = new TreeMap<>();

    @Override
    public void count(String name, long amount) {
        counters.merge(name, amount, Long::sum);
    }

    @Override
    public void count(String name, String label, String value, long amount) {
        counters.merge(key(name, label, value), amount, Long::sum);
    }

    @Override
    public void gauge(String name, double value) {
        gauges.put(name, value);
    }

    @Override
    public void gauge(String name, String label, String value, double number) {
        gauges.put(key(name, label, value), number);
    }

    @Override
    public void count(String name, Map<String, String> labels, long amount) {
        counters.merge(key(name, labels), amount, Long::sum);
    }

    @Override
    public void gauge(String name, Map<String, String> labels, double value) {
        gauges.put(key(name, labels), value);
    }

    private static String key(String name, Map<String, String> labels) {
        StringJoiner out = new StringJoiner(",", name + "{", "}");
        new TreeMap<>(labels).forEach((label, value) -> out.add(label + "=\"" + value + "\""));
        return out.toString();
    }

    private static String key(String name, String label, String value) {
        return name + "{" + label + "=\"" + value + "\"}";
    }

    /** The counter, {@code name} or {@code name{label="value"}}; 0 when never counted. */
    public long counter(String key) {
        return counters.getOrDefault(key, 0L);
    }

    /** The gauge; NaN when never set. */
    public double gauge(String key) {
        return gauges.getOrDefault(key, Double.NaN);
    }
}
