package io.machineroom.domain.machine;

import io.machineroom.domain.machine.MachineLibrary.BuiltIn;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.watcher.Durations;
import java.time.Duration;

/** The machines that come with the agent. */
final class BuiltInMachines {
    static final String MACHINES_MANAGER = "machines_manager";

    private BuiltInMachines() {}

    /**
     * Keeps the node's plugins as the signed list in key {@code machines} of bucket {@code CONFIG} says (spec 8.1).
     *
     * @param poll time between looks at the key; where the link tells of changes they arrive at once
     * @param manage time between checks of what is installed
     */
    static BuiltIn machinesManager(Duration poll, Duration manage) {
        String interval = Durations.print(poll);
        Value.Obj machine = Value.obj(
                        "name", Value.text(MACHINES_MANAGER),
                        "version", Value.text("0.0.2"),
                        "initial_state", Value.text("INITIAL"))
                .with(
                        "transitions",
                        Value.arr(
                                transition("enter_maintenance", "MANAGE", "MAINTENANCE"),
                                transition("resume", "MAINTENANCE", "MANAGE"),
                                transition("to_manage", "INITIAL", "MANAGE")))
                .with(
                        "watchers",
                        Value.arr(
                                specification("initial_specification", interval, "INITIAL")
                                        .with("success_transition", Value.text("to_manage")),
                                specification("specification", interval, "MANAGE"),
                                watcher("manage_machines", "plugins", interval, "MANAGE")
                                        .with(
                                                "properties",
                                                Value.obj(
                                                                "data_item", Value.text("machines"),
                                                                "purge_unknown", Value.bool(true),
                                                                "manager_machine_prefix", Value.text("mm"))
                                                        .with(
                                                                "plugin_manage_interval",
                                                                Value.text(Durations.print(manage))))));
        return new BuiltIn(MACHINES_MANAGER, machine);
    }

    private static Value.Obj specification(String name, String interval, String state) {
        Value.Obj properties = Value.obj(
                        "bucket", Value.text("CONFIG"), "key", Value.text("machines"), "mode", Value.text("poll"))
                .with("bucket_prefix", Value.bool(false))
                .with("on_successful_get", Value.bool(state.equals("INITIAL")));
        return watcher(name, "kv", interval, state).with("properties", properties);
    }

    private static Value.Obj watcher(String name, String type, String interval, String state) {
        return Value.obj("name", Value.text(name), "type", Value.text(type), "interval", Value.text(interval))
                .with("state_match", Value.arr(Value.text(state)));
    }

    private static Value.Obj transition(String name, String from, String destination) {
        return Value.obj(
                "name", Value.text(name),
                "from", Value.arr(Value.text(from)),
                "destination", Value.text(destination));
    }
}
