package io.machineroom.domain.watcher;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Properties;

/** What others need to know of switches, the kind {@code httpswitch}. */
public final class Switches {
    /** Name of the kind. */
    public static final String KIND = "httpswitch";

    private Switches() {}

    /**
     * Whether a switch refuses presses in a state.
     *
     * @param properties of its definition
     */
    public static boolean disabled(Value.Obj properties, String state) {
        return new Properties(properties, "", path -> 0).texts("disable_when").contains(state);
    }
}
