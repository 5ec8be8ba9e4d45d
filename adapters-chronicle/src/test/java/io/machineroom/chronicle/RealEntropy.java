package io.machineroom.chronicle;

import io.machineroom.ports.runtime.Entropy;
import java.security.SecureRandom;

/** The randomness of this JVM. */
record RealEntropy(SecureRandom random) implements Entropy {
    RealEntropy() {
        this(new SecureRandom());
    }

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
