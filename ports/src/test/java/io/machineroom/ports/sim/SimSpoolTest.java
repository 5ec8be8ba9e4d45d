package io.machineroom.ports.sim;

import io.machineroom.ports.contract.SpoolContract;
import io.machineroom.ports.contract.SpoolUnderTest;

final class SimSpoolTest extends SpoolContract {
    @Override
    protected SpoolUnderTest spool() {
        return new SimSpoolUnderTest();
    }
}
