package io.machineroom.ports.sim;

import io.machineroom.ports.contract.EventFormatContract;
import io.machineroom.ports.event.EventFormat;

final class SimEventsTest extends EventFormatContract {
    @Override
    protected EventFormat format() {
        return new SimEvents();
    }
}
