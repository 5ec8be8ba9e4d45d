package io.machineroom.domain.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.CrashPoints;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimTasks;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The power fails at every step of installing, proving, updating and removing a plugin, with whatever was not synced. */
final class PluginCrashTest {
    private static final String OWNER = "machines_manager";
    private static final int DRAWN = 600;

    private final DeploymentWorld world = new DeploymentWorld(1);
    private final Map<String, String> names = new HashMap<>();
    private final Value.Obj one = pack("one", Map.of("bin/run.sh", "echo 1".repeat(200)));
    private final Value.Obj two = pack("two", Map.of("bin/run.sh", "echo 2".repeat(200), "more", "x"));

    private Value.Obj pack(String version, Map<String, String> files) {
        Map<String, String> all = new HashMap<>(files);
        all.put("machine.yaml", version.repeat(300));
        Value.Obj entry = world.pack("echo", all);
        names.put(digest(entry), version);
        return entry;
    }

    private static String digest(Value.Obj entry) {
        return entry.text("verify_checksum").orElseThrow();
    }

    private static DeploymentWorld on(SimDisk after) {
        return new DeploymentWorld(new SimTasks(1), after);
    }

    /** What runs is whole, before the sweep and behind it. */
    private String state(SimDisk after) {
        DeploymentWorld node = on(after);
        String before = whole(node.plugins());
        node.deployer();
        assertEquals(before, whole(node.plugins()), "recovery changes nothing that runs");
        assertEquals(List.of(), node.state.list("staging"), "nothing half unpacked stays");
        return before;
    }

    private String whole(PluginStore store) {
        List<PluginStore.Version> current = store.current();
        for (PluginStore.Version version : current) {
            assertTrue(store.difference(version.name(), version.digest()).none(), "what runs is whole");
        }
        return current.isEmpty()
                ? "none"
                : names.getOrDefault(current.getFirst().digest(), "another");
    }

    private void apply(Deployer deployer, Value list) {
        Deployer.Answer answer = world.apply(deployer, list);
        assertEquals("", answer.error());
    }

    private CrashPoints tell(Deployer deployer) throws Exception {
        CrashPoints points = new CrashPoints("plugins", world.disk, world.tasks.time(), DRAWN).begins("none");
        points.change("one", () -> apply(deployer, world.sign(1, one)));
        points.change("one", () -> {
            world.health.put("echo", new PluginHost.Running(digest(one)));
            apply(deployer, world.sign(1, one));
        });
        points.change("two", () -> apply(deployer, world.sign(2, two)));
        points.change("none", () -> apply(deployer, world.sign(3)));
        points.change("two", () -> apply(deployer, world.sign(4, two)));
        return points;
    }

    @Test
    void thePluginIsAsBeforeOrAsAfterAndWhole() throws Exception {
        tell(world.deployer()).cut(this::state).atLeast(6_000);
    }

    @Test
    void theAdoptedListIsNeverOlderThanAcknowledged() throws Exception {
        SerialStore lists = new SerialStore(world.state, world.json);
        CrashPoints points = new CrashPoints("lists", world.disk, world.tasks.time(), DRAWN).begins("-1");
        for (long serial = 1; serial <= 6; serial++) {
            Value.Obj document = world.sign(serial, one, two);
            AdoptedList list = new AdoptedList(serial, "d" + serial, serial, SignedSpecification.of(document));
            points.change(Long.toString(serial), () -> lists.save(OWNER, list));
        }
        points.cut(after -> {
                    AdoptedList found = new SerialStore(on(after).state, world.json).load(OWNER);
                    return Long.toString(found.serial());
                })
                .atLeast(80);
    }

    @Test
    void catchesAVersionThatGetsItsPointerBeforeItIsSynced() throws Exception {
        PluginStore store = world.plugins();
        world.deployer();
        CrashPoints points = new CrashPoints("pointer-first", world.disk, world.tasks.time(), DRAWN).begins("none");
        points.change("one", () -> {
            String folder = PluginStore.folder("echo", digest(one));
            world.disk.put(
                    world.state.path(folder + "/machine.yaml"),
                    "one".repeat(300).getBytes(UTF_8));
            store.save(PluginPointer.none("echo", OWNER).flip(digest(one)));
            world.state.sync("versions");
        });
        assertThrows(AssertionError.class, () -> points.cut(this::state));
    }
}
