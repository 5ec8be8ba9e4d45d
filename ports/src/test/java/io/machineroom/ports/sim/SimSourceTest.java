package io.machineroom.ports.sim;

import io.machineroom.ports.contract.SourceContract;
import io.machineroom.ports.contract.SpoolUnderTest;

final class SimSourceTest extends SourceContract {
    @Override
    protected SpoolUnderTest spool() {
        return new SimSpoolUnderTest();
    }
}
