package io.machineroom.domain.spooling;

/**
 * Bounds of the hand-over between those who publish and the spool's disk.
 *
 * @param maxEvents events that may wait; default 10,000
 * @param maxBytes bytes that may wait; default 16 MiB
 * @param batchEvents most events of one append; default 256
 * @param batchBytes most bytes of one append, unless a single event is larger; default 1 MiB
 */
public record OutboxSettings(int maxEvents, long maxBytes, int batchEvents, long batchBytes) {
    public OutboxSettings {
        if (maxEvents < 1 || maxBytes < 1 || batchEvents < 1 || batchBytes < 1) {
            throw new IllegalArgumentException("bounds of an outbox are at least 1");
        }
    }

    public static OutboxSettings defaults() {
        return new OutboxSettings(10_000, 16 << 20, 256, 1 << 20);
    }
}
