package io.machineroom.ports.sim;

import io.machineroom.ports.contract.FactSourceContract;
import io.machineroom.ports.host.FactSource;

final class SimFactsTest extends FactSourceContract {
    @Override
    protected FactSource facts() {
        return new SimFacts("node1.example");
    }
}
