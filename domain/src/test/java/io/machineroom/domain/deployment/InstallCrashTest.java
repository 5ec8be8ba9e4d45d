package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.data.Value;
import io.machineroom.ports.sim.SimNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The power fails before every single step that the disk takes during an upgrade. */
final class InstallCrashTest {
    private static final int MOST_STEPS = 2_000;

    @Test
    void aCrashAtAnyStepLeavesTheOldVersionOrTheNewOne() {
        int steps = 0;
        boolean crashed = true;
        while (crashed) {
            crashed = upgradeWithCrashAt(steps, steps % 7);
            steps++;
            assertTrue(steps < MOST_STEPS, "the upgrade never ends");
        }
        assertTrue(steps > 20, "only " + steps + " steps");
    }

    private static boolean upgradeWithCrashAt(int at, long seed) {
        DeploymentWorld world = new DeploymentWorld(seed);
        Value.Obj one = world.pack("echo", Map.of("machine.yaml", "one", "bin/run.sh", "echo 1"));
        Value.Obj two = world.pack("echo", Map.of("machine.yaml", "two", "bin/run.sh", "echo 2", "more", "x"));
        String first = one.text("verify_checksum").orElseThrow();
        String second = two.text("verify_checksum").orElseThrow();
        Value.Obj old = world.sign(1, one);
        Deployer before = world.deployer();
        world.apply(before, old);
        world.health.put("echo", new PluginHost.Running(first));
        world.apply(before, old);

        Value.Obj list = world.sign(2, two);
        SimNode node = world.tasks.node("node");
        int[] count = {0};
        boolean[] crashed = {false};
        world.disk.beforeEachStep(step -> {
            if (count[0]++ == at) {
                crashed[0] = true;
                world.disk.beforeEachStep(s -> {});
                world.disk.crash();
                node.crash();
            }
        });
        Deployer deployer = before;
        node.fork("agent", () -> deployer.apply(world.round(list)));
        world.tasks.settle();
        world.disk.beforeEachStep(s -> {});

        PluginStore store = world.plugins();
        String current = store.pointer("echo").orElseThrow().current();
        assertTrue(current.equals(first) || current.equals(second), "step " + at);
        assertTrue(store.difference("echo", current).none(), "step " + at + ": what runs is whole");

        Deployer after = world.deployer();
        assertTrue(store.difference("echo", current).none(), "step " + at + ": the sweep leaves what runs");
        world.apply(after, old);
        world.apply(after, list);
        assertEquals(second, store.pointer("echo").orElseThrow().current(), "step " + at);
        assertTrue(store.difference("echo", second).none(), "step " + at);
        return crashed[0];
    }
}
