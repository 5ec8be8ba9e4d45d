package com.example.segment;

import io.machineroom.ports.runtime.Entropy;
import java.security.SecureRandom;

/** Randomness of the JDK. */
final class RealEntropy implements Entropy {
    private final SecureRandom random = new SecureRandom();

    @Override
    public byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    @Override
    public long below(long bound) {
        return random.nextLong(bound);
    }
}
