package io.machineroom.domain.machine;

import static io.machineroom.domain.machine.MachineWorld.exec;
import static io.machineroom.domain.machine.MachineWorld.machine;
import static io.machineroom.domain.machine.MachineWorld.transition;
import static io.machineroom.domain.machine.MachineWorld.watcher;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The machines that the original ships (spec 8): those that are built in here, and those that somebody may still have as files. */
final class ShippedMachinesTest {
    private static final Duration POLL = Duration.ofSeconds(35);

    private final MachineWorld world = new MachineWorld(21);

    private static Value.Obj named(String name, String version, String initial) {
        return Value.obj(
                "name", Value.text(name), "version", Value.text(version), "initial_state", Value.text(initial));
    }

    private static Value.Obj every(String interval, Value.Obj watcher) {
        return watcher.with("interval", Value.text(interval));
    }

    private static Value.Obj key(String name, String state, Value.Obj properties) {
        return every(
                "30s",
                watcher(
                        name,
                        "kv",
                        state,
                        properties
                                .with("mode", Value.text("poll"))
                                .with("bucket_prefix", Value.bool(false))
                                .with("on_successful_get", Value.bool(state.equals("INITIAL")))));
    }

    @Test
    void theManagerOfMachinesIsTheOriginals() {
        Value.Obj place = Value.obj("bucket", Value.text("CONFIG"), "key", Value.text("machines"));
        Value.Obj manage = Value.obj(
                        "data_item", Value.text("machines"),
                        "purge_unknown", Value.bool(true),
                        "manager_machine_prefix", Value.text("mm"))
                .with(
                        "plugin_manage_interval",
                        Value.text("2m0s")); // what 5m under the name that is overlooked comes to
        Value.Obj expected = named("machines_manager", "0.0.2", "INITIAL")
                .with(
                        "transitions",
                        Value.arr(
                                transition("enter_maintenance", "MANAGE", "MAINTENANCE"),
                                transition("resume", "MAINTENANCE", "MANAGE"),
                                transition("to_manage", "INITIAL", "MANAGE")))
                .with(
                        "watchers",
                        Value.arr(
                                key("initial_specification", "INITIAL", place)
                                        .with("success_transition", Value.text("to_manage")),
                                key("specification", "MANAGE", place),
                                every("30s", watcher("manage_machines", "plugins", "MANAGE", manage))));
        assertEquals(
                expected,
                BuiltInMachines.machinesManager(Duration.ofSeconds(30), Duration.ofMinutes(2))
                        .manifest());
    }

    @Test
    void theRefresherOfFactsIsTheOriginals() {
        Value.Obj properties = Value.obj(
                        "command", Value.text("facts --config /etc/node.cfg"), "timeout", Value.text("1m"))
                .with("gather_initial_state", Value.text("true"))
                .with("suppress_success_announce", Value.text("true"));
        Value.Obj expected = named("facts_refresh", "3.2.1", "GATHER")
                .with(
                        "transitions",
                        Value.arr(
                                transition("MAINTENANCE", "GATHER", "MAINTENANCE"),
                                transition("RESUME", "MAINTENANCE", "GATHER")))
                .with("watchers", Value.arr(every("10m0s", watcher("update_facts", "exec", "GATHER", properties))));
        FactsChore chore = new FactsChore("3.2.1", Duration.ofMinutes(10), Path.of("/etc/node.cfg"), () -> {});
        assertEquals(expected, BuiltInMachines.factsRefresh(chore).manifest());
    }

    /** The machine of a Choria server with {@code plugin.machines.download}, as the file that it would be. */
    private static Value.Obj pluginsManager() {
        Value.Obj place = Value.obj("bucket", Value.text("CHORIA_PLUGINS"), "key", Value.text("plugins"));
        Value.Obj manage = Value.obj(
                        "data_item", Value.text("plugins"),
                        "purge_unknown", Value.bool(true),
                        "manager_machine_prefix", Value.text("mm"))
                .with("plugin_manage_interval", Value.text("30s"))
                .with("machine_manage_interval", Value.text("30s"))
                .with("public_key", Value.text(""))
                .with("plugins_directory", Value.text("/etc/choria/machines"));
        Value.Obj stop = Value.obj(
                        "name", Value.text("maintenance"),
                        "from", Value.arr(Value.text("MANAGE"), Value.text("INITIAL")),
                        "destination", Value.text("MAINTENANCE"))
                .with("description", Value.text("rests"));
        return named("plugins_manager", "0.29.0", "INITIAL")
                .with(
                        "transitions",
                        Value.arr(
                                stop,
                                transition("resume", "MAINTENANCE", "MANAGE"),
                                transition("manage_plugins", "INITIAL", "MANAGE")))
                .with(
                        "watchers",
                        Value.arr(
                                key("initial_specification", "INITIAL", place)
                                        .with("success_transition", Value.text("manage_plugins")),
                                key("specification", "MANAGE", place),
                                every("30s", watcher("manage_machines", "plugins", "MANAGE", manage))));
    }

    private Value.Obj echo(String watcher) {
        return world.node.pack(
                "echo", Map.of("machine.yaml", world.text(machine("echo", exec(watcher, "A", "/bin/true")))));
    }

    @Test
    void theManagerOfPluginsRunsAsAFile() {
        world.write("plugins_manager", pluginsManager());
        world.advance(POLL.multipliedBy(2));
        assertEquals("INITIAL", world.status("plugins_manager").state(), "a key that is missing is no success");
        world.put("plugins", world.node.sign(1, echo("first")));
        world.advance(POLL.multipliedBy(2));
        assertEquals("MANAGE", world.status("plugins_manager").state());
        assertEquals("plugin", world.status("echo").origin());
        assertEquals(
                List.of("plugins_manager"),
                world.node.sent("plugin_deployed").stream()
                        .map(d -> d.text("owner").orElse(""))
                        .toList());
    }

    @Test
    void theManagerOfPluginsRestsInMaintenance() {
        world.write("plugins_manager", pluginsManager());
        world.advance(POLL);
        assertTrue(world.host.transition("plugins_manager", "maintenance"));
        world.put("plugins", world.node.sign(1, echo("first")));
        world.advance(POLL.multipliedBy(3));
        assertEquals("MAINTENANCE", world.status("plugins_manager").state());
        assertEquals(0, world.node.sent("plugin_deployed").size());
        assertTrue(world.host.transition("plugins_manager", "resume"));
        world.advance(POLL);
        assertEquals(1, world.node.sent("plugin_deployed").size());
    }

    /** It stores under one key and reads another, there as here. */
    @Test
    void theManagerForTheBucketPluginsNeverFindsItsList() {
        Value.Obj place = Value.obj("bucket", Value.text("PLUGINS"), "key", Value.text("machines"));
        Value.Obj manage = Value.obj("data_item", Value.text("spec"), "purge_unknown", Value.bool(true));
        world.write(
                "other",
                named("other", "0.0.2", "MANAGE")
                        .with("transitions", Value.arr(transition("resume", "MAINTENANCE", "MANAGE")))
                        .with(
                                "watchers",
                                Value.arr(
                                        key("specification", "MANAGE", place),
                                        every("30s", watcher("manage_machines", "plugins", "MANAGE", manage)))));
        world.advance(Duration.ofSeconds(11));
        world.host.transition("machines_manager", "enter_maintenance");
        world.put("machines", world.node.sign(1, echo("first")));
        world.advance(POLL.multipliedBy(2));
        assertTrue(world.node.sent.stream()
                .map(sent -> sent.event().data())
                .filter(data -> data.text("machine").orElse("").equals("other"))
                .anyMatch(data -> data.text("reason").orElse("").startsWith("spec.absent")));
    }
}
