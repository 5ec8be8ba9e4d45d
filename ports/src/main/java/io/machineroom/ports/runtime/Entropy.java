package io.machineroom.ports.runtime;

import io.machineroom.ports.Port;
import java.util.HexFormat;
import java.util.UUID;

/** Randomness. Safe from any task; the real one is cryptographically strong. */
@Port
public interface Entropy {
    byte[] bytes(int count);

    /** Uniform in {@code [0, bound)}; bound at least 1. */
    long below(long bound);

    /** A random UUID, version 4. */
    default String uuid() {
        byte[] b = bytes(16);
        b[6] = (byte) ((b[6] & 0x0f) | 0x40);
        b[8] = (byte) ((b[8] & 0x3f) | 0x80);
        java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(b);
        return new UUID(buffer.getLong(), buffer.getLong()).toString();
    }

    /** Random lower-case hex digits, two per byte. */
    default String hex(int count) {
        return HexFormat.of().formatHex(bytes(count));
    }
}
