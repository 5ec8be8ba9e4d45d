package io.machineroom.app.codec;

import io.machineroom.ports.contract.JsonFormatContract;
import io.machineroom.ports.data.JsonFormat;

final class JacksonJsonTest extends JsonFormatContract {
    @Override
    protected JsonFormat json() {
        return new JacksonJson();
    }
}
