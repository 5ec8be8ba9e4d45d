package io.machineroom.architecture.offenders.porterrors.nats;

import io.machineroom.architecture.offenders.porterrors.ports.PortException;

final class Refuses {
    void fail() {
        throw new PortException.Refused();
    }
}
