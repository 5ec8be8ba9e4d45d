package io.machineroom.http;

import java.time.Duration;

/**
 * What a gateway bears before a handler is asked.
 *
 * @param headerBytes request line and header together
 * @param requestTime from the first byte of a request, TLS handshake included, to its last; then again for
 *     each piece of the answer
 * @param bodyMemoryBytes request bodies of all requests together, decompressed
 * @param closeTime how long closing waits for answers under way
 */
record GatewayLimits(int headerBytes, Duration requestTime, long bodyMemoryBytes, Duration closeTime) {
    /** {@code docs/protocol.md} section 4; bodies may take an eighth of the heap. */
    static GatewayLimits standard() {
        return new GatewayLimits(
                16 * 1024,
                Duration.ofSeconds(30),
                Math.max(8L << 20, Runtime.getRuntime().maxMemory() / 8),
                Duration.ofSeconds(1));
    }
}
