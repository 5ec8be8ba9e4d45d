package io.machineroom.app.host;

import io.machineroom.ports.contract.EntropyContract;
import io.machineroom.ports.runtime.Entropy;

final class SystemEntropyTest extends EntropyContract {
    private final SystemRuntime runtime = new SystemRuntime();

    @Override
    protected Entropy entropy() {
        return runtime;
    }
}
