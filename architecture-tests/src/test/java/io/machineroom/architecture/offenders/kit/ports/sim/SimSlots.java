package io.machineroom.architecture.offenders.kit.ports.sim;

import io.machineroom.architecture.offenders.kit.ports.contract.SlotsContract;
import io.machineroom.architecture.offenders.kit.ports.kv.Slots;

final class SimSlots extends SlotsContract {
    @Override
    protected Slots slots() {
        return new Slots() {};
    }
}
