package io.machineroom.ports.sim;

import io.machineroom.ports.contract.EntropyContract;
import io.machineroom.ports.runtime.Entropy;

final class SimEntropyTest extends EntropyContract {
    private final SimEntropy entropy = new SimEntropy(3);

    @Override
    protected Entropy entropy() {
        return entropy;
    }
}
