package io.machineroom.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SystemRuntimeTest {
    private final SystemRuntime runtime = new SystemRuntime();

    @Test
    void ticksNeverGoBack() {
        long before = runtime.ticks();
        assertTrue(runtime.ticks() - before >= 0);
        assertTrue(runtime.wall().isAfter(Instant.parse("2025-01-01T00:00:00Z")));
    }

    @Test
    void drawsWithinTheBound() {
        for (int i = 0; i < 1_000; i++) {
            long drawn = runtime.below(3);
            assertTrue(drawn >= 0 && drawn < 3);
        }
        assertEquals(0, runtime.below(1));
    }

    @Test
    void drawsDifferentBytes() {
        assertEquals(32, runtime.bytes(32).length);
        assertNotEquals(runtime.hex(32), runtime.hex(32));
        assertEquals(4, UUID.fromString(runtime.uuid()).version());
    }
}
