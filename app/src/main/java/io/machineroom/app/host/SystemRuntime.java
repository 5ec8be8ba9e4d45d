package io.machineroom.app.host;

import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneId;

/** The clocks and the randomness of this computer. */
public final class SystemRuntime implements TimeSource, Entropy {
    private final SecureRandom random = new SecureRandom();

    @Override
    public Instant wall() {
        return Instant.now();
    }

    @Override
    public long ticks() {
        return System.nanoTime();
    }

    @Override
    public ZoneId zone() {
        return ZoneId.systemDefault();
    }

    @Override
    public byte[] bytes(int count) {
        byte[] out = new byte[count];
        random.nextBytes(out);
        return out;
    }

    @Override
    public long below(long bound) {
        return random.nextLong(bound);
    }
}
