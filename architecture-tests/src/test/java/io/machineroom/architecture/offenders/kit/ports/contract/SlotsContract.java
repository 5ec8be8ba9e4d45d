package io.machineroom.architecture.offenders.kit.ports.contract;

import io.machineroom.architecture.offenders.kit.ports.kv.Slots;

public abstract class SlotsContract {
    protected abstract Slots slots();
}
