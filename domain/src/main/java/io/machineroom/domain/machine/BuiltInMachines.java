package io.machineroom.domain.machine;

import io.machineroom.domain.machine.MachineLibrary.BuiltIn;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.watcher.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The machines that come with the agent. */
final class BuiltInMachines {
    static final String MACHINES_MANAGER = "machines_manager";
    static final String FACTS_REFRESH = "facts_refresh";

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

    /** The machines of a host: the manager, and that of the facts where there are some to refresh. */
    static List<BuiltIn> of(HostSettings settings, Optional<FactsChore> chore) {
        BuiltIn manager =
                machinesManager(settings.pollInterval(), settings.deployment().checkInterval());
        return chore.map(facts -> List.of(manager, factsRefresh(facts))).orElse(List.of(manager));
    }

    /** Refreshes the facts of the node (spec 8.2), within this process. */
    static BuiltIn factsRefresh(FactsChore chore) {
        Value.Obj gather = watcher("update_facts", "exec", Durations.print(chore.interval()), "GATHER")
                .with(
                        "properties",
                        Value.obj(
                                        "command",
                                        Value.text(command(chore.configFile().toString())),
                                        "timeout",
                                        Value.text("1m"))
                                .with("gather_initial_state", Value.text("true"))
                                .with("suppress_success_announce", Value.text("true")));
        Value.Obj machine = Value.obj(
                        "name", Value.text(FACTS_REFRESH),
                        "version", Value.text(chore.version()),
                        "initial_state", Value.text("GATHER"))
                .with(
                        "transitions",
                        Value.arr(
                                transition("MAINTENANCE", "GATHER", "MAINTENANCE"),
                                transition("RESUME", "MAINTENANCE", "GATHER")))
                .with("watchers", Value.arr(gather));
        return new BuiltIn(FACTS_REFRESH, machine);
    }

    /** As the original's command reads; a name that would have to be quoted is left out, nothing depends on it. */
    private static String command(String configFile) {
        return ChoreProcesses.FACTS + (configFile.matches("[A-Za-z0-9_./-]+") ? " --config " + configFile : "");
    }

    private static Value.Obj specification(String name, String interval, String state) {
        Value.Obj properties = Value.obj(
                        "bucket",
                        Value.text(BucketSpec.CONFIG),
                        "key",
                        Value.text("machines"),
                        "mode",
                        Value.text("poll"))
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
