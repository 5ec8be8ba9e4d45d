package io.machineroom.domain.flow;

import io.machineroom.ports.runtime.Meter;
import java.util.Map;

/** For work that nobody measures, such as a rehearsal. Safe from any task. */
public final class Unmeasured implements Meter {
    @Override
    public void count(String name, long amount) {
        // nobody looks
    }

    @Override
    public void count(String name, String label, String value, long amount) {
        // nobody looks
    }

    @Override
    public void count(String name, Map<String, String> labels, long amount) {
        // nobody looks
    }

    @Override
    public void gauge(String name, double value) {
        // nobody looks
    }

    @Override
    public void gauge(String name, Map<String, String> labels, double value) {
        // nobody looks
    }

    @Override
    public void gauge(String name, String label, String value, double number) {
        // nobody looks
    }
}
