package io.machineroom.ports.sim;

import io.machineroom.ports.contract.JsonFormatContract;
import io.machineroom.ports.data.JsonFormat;

final class SimJsonTest extends JsonFormatContract {
    @Override
    protected JsonFormat json() {
        return new SimJson();
    }
}
