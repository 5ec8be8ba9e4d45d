package io.machineroom.domain.replication;

import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.sim.SimMeter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Remembers the order of gauges too, and breaks where a test wants a program to break that nobody foresaw. */
final class FaultyMeter implements Meter {
    /** Gauges without labels, as "name value". */
    final List<String> gauges = new ArrayList<>();

    private final SimMeter real;
    private String breaks = "";

    FaultyMeter(SimMeter real) {
        this.real = real;
    }

    /** What is told of a metric of that name breaks whoever tells it; empty: of none. */
    void breaksAt(String name) {
        breaks = name;
    }

    private void check(String name) {
        if (name.equals(breaks)) {
            throw new IllegalStateException(name + " is not measured here");
        }
    }

    @Override
    public void count(String name, long amount) {
        check(name);
        real.count(name, amount);
    }

    @Override
    public void count(String name, String label, String value, long amount) {
        check(name);
        real.count(name, label, value, amount);
    }

    @Override
    public void count(String name, Map<String, String> labels, long amount) {
        check(name);
        real.count(name, labels, amount);
    }

    @Override
    public void gauge(String name, double value) {
        check(name);
        gauges.add(name + " " + value);
        real.gauge(name, value);
    }

    @Override
    public void gauge(String name, String label, String value, double number) {
        check(name);
        real.gauge(name, label, value, number);
    }

    @Override
    public void gauge(String name, Map<String, String> labels, double value) {
        check(name);
        real.gauge(name, labels, value);
    }
}
