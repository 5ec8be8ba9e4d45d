package io.machineroom.ports.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.runtime.Entropy;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What {@link Entropy} promises. */
public abstract class EntropyContract {
    protected abstract Entropy entropy();

    @Test
    void drawsEveryNumberBelowTheBound() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 1_000; i++) {
            seen.add(entropy().below(3));
        }
        assertEquals(Set.of(0L, 1L, 2L), seen);
        assertEquals(0, entropy().below(1));
    }

    @Test
    void drawsDifferentBytes() {
        assertEquals(0, entropy().bytes(0).length);
        assertEquals(32, entropy().bytes(32).length);
        assertNotEquals(entropy().hex(32), entropy().hex(32));
        assertEquals(64, entropy().hex(32).length());
    }

    @Test
    void makesUuidsOfVersionFour() {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            UUID uuid = UUID.fromString(entropy().uuid());
            assertEquals(4, uuid.version());
            assertEquals(2, uuid.variant());
            assertTrue(seen.add(uuid.toString()));
        }
    }
}
