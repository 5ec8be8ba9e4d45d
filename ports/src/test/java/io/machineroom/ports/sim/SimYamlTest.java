package io.machineroom.ports.sim;

import io.machineroom.ports.contract.YamlFormatContract;
import io.machineroom.ports.data.YamlFormat;

final class SimYamlTest extends YamlFormatContract {
    @Override
    protected YamlFormat yaml() {
        return new SimYaml();
    }
}
