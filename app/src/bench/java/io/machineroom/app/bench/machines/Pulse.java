package io.machineroom.app.bench.machines;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When each watcher was asked: a machine's watchers share a task, hence a thread; one of them asks for its file and the
 * other for the facts, once a check. Keeps nothing while it is off.
 */
final class Pulse {
    private static final double SECOND_MILLIS = 1_000;

    private final Map<Watcher, Beats> beats = new ConcurrentHashMap<>();
    private volatile boolean on;

    /** One watcher. */
    private record Watcher(Thread thread, String asks) {}

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

    /** A watcher asked for something; {@code what} says which of the two of a machine it is. */
    void beat(String what) {
        if (on) {
            beats.computeIfAbsent(new Watcher(Thread.currentThread(), what), w -> new Beats())
                    .beat(System.nanoTime());
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
