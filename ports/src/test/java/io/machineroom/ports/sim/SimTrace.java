package io.machineroom.ports.sim;

/** A digest of all that happened, in its order. */
final class SimTrace {
    private long value;

    SimTrace(long seed) {
        value = seed;
    }

    void step(long task, long now) {
        value = (value ^ task) * 0x9E3779B97F4A7C15L + Long.rotateLeft(now, 17);
    }

    void note(CharSequence what) {
        long hash = value;
        for (int i = 0; i < what.length(); i++) {
            hash = (hash ^ what.charAt(i)) * 0x100000001B3L;
        }
        value = Long.rotateLeft(hash, 7);
    }

    long value() {
        return value;
    }
}
