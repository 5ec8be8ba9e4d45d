package io.machineroom.app.bench.machines;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each watcher was asked: a watcher is one task, hence one thread, and each of the rig's watchers asks for its file
 * or for the facts once a check. Keeps nothing while it is off.
 */
final class Pulse {
    private static final double SECOND_MILLIS = 1_000;

    private final Map<Thread, Beats> beats = new ConcurrentHashMap<>();
    private volatile boolean on;

    private static final class Beats {
        private long last;
        private final List<Double> off = new ArrayList<>();

        synchronized void beat(long now) {
            if (last != 0) {
                off.add(Math.abs((now - last) / 1e6 - SECOND_MILLIS));
            }
            last = now;
        }

        synchronized List<Double> off() {
            return List.copyOf(off);
        }
    }

    void beat() {
        if (on) {
            beats.computeIfAbsent(Thread.currentThread(), t -> new Beats()).beat(System.nanoTime());
        }
    }

    void begin() {
        beats.clear();
        on = true;
    }

    /** How far, in milliseconds, intervals were from one second; sorted. */
    double[] end() {
        on = false;
        double[] all = beats.values().stream()
                .flatMap(b -> b.off().stream())
                .mapToDouble(Double::doubleValue)
                .sorted()
                .toArray();
        beats.clear();
        return all;
    }
}
