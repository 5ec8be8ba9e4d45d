package io.machineroom.app.wiring;

import io.machineroom.app.config.AgentOptions;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FactSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A build to which no vendor added anything. */
final class PlainBuild {
    private PlainBuild() {}

    static AgentOptions options() {
        return new AgentOptions(
                "machine-room",
                "1",
                "",
                "",
                Optional.empty(),
                Optional.empty(),
                Value::obj,
                List.of(),
                FactSource.OptOuts.none(),
                ready -> {},
                Map.of());
    }
}
