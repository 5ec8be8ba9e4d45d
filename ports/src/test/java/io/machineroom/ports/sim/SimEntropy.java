package io.machineroom.ports.sim;

import io.machineroom.ports.runtime.Entropy;
import java.util.SplittableRandom;

/** Randomness drawn from a seed: good spread, no secrecy. */
public final class SimEntropy implements Entropy {
    private final SplittableRandom random;

    public SimEntropy(long seed) {
        random = new SplittableRandom(seed);
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
