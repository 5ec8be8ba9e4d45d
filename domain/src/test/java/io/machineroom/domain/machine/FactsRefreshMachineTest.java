package io.machineroom.domain.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The built-in machine that refreshes the facts (spec 8.2). */
final class FactsRefreshMachineTest {
    private static final Duration SPREAD = Duration.ofSeconds(31);
    private static final Duration INTERVAL = Duration.ofMinutes(10);

    private final MachineWorld world = new MachineWorld(5);
    private int gathered;
    private boolean broken;

    private void start(Path config) {
        world.node.tasks.run(world::stop);
        world.extras.put(FactsChore.class, new FactsChore("3.2.1", INTERVAL, config, () -> {
            gathered++;
            if (broken) {
                throw new PortException.Unavailable("facts.failed", "as the test wants it");
            }
        }));
        world.start();
    }

    private List<Value.Obj> states() {
        return world.node.sent.stream()
                .map(sent -> sent.event().data())
                .filter(data -> data.text("protocol").orElse("").equals("io.choria.machine.watcher.exec.v1.state"))
                .filter(data -> data.text("machine").orElse("").equals("facts_refresh"))
                .toList();
    }

    @Test
    void isAMachineLikeOthers() {
        start(Path.of("/etc/agent/config.yaml"));
        world.advance(Duration.ofSeconds(1));
        MachineStatus status = world.status("facts_refresh");
        assertEquals("3.2.1", status.version());
        assertEquals("GATHER", status.state());
        assertEquals("built-in", status.origin());
        assertEquals("", status.loadError());
        assertTrue(world.node.sent("machine_loaded").stream()
                .anyMatch(data -> data.text("machine").orElse("").equals("facts_refresh")));
    }

    @Test
    void gathersSoonAfterItsStartAndOnItsInterval() {
        start(Path.of("/etc/agent/config.yaml"));
        world.advance(SPREAD);
        assertEquals(1, gathered);
        world.advance(INTERVAL.multipliedBy(6));
        assertEquals(7, gathered);
        assertEquals(List.of(), world.processes.started(), "no process of the host");
        assertEquals(List.of(), states(), "success is not announced");
        String manifest = BuiltInMachines.factsRefresh(
                        new FactsChore("1", INTERVAL, Path.of("/etc/agent/config.yaml"), () -> {}))
                .manifest()
                .toString();
        assertTrue(manifest.contains("facts --config /etc/agent/config.yaml"), manifest);
    }

    @Test
    void restsInMaintenance() {
        start(Path.of("/etc/agent/config.yaml"));
        world.advance(SPREAD);
        assertTrue(world.host.transition("facts_refresh", "MAINTENANCE"));
        world.advance(INTERVAL.multipliedBy(3));
        assertEquals("MAINTENANCE", world.status("facts_refresh").state());
        assertEquals(1, gathered);
        assertTrue(world.host.transition("facts_refresh", "RESUME"));
        world.advance(Duration.ofSeconds(1));
        assertEquals(2, gathered, "at once");
    }

    @Test
    void tellsOfAFailure() {
        broken = true;
        start(Path.of("/etc/with space/it's.yaml"));
        world.advance(SPREAD);
        Value.Obj state = states().getFirst();
        assertEquals("update_facts", state.text("name").orElseThrow());
        assertEquals("error", state.text("previous_outcome").orElseThrow());
        assertEquals(1L, state.whole("exit_code").orElseThrow());
        assertEquals("facts", state.text("command").orElseThrow(), "a path that needs quotes is not shown");
        broken = false;
        world.advance(INTERVAL);
        assertEquals(2, gathered);
        assertEquals(1, states().size());
    }

    @Test
    void isNotThereWithoutFacts() {
        world.advance(Duration.ofSeconds(1));
        assertFalse(world.host.machines().stream().anyMatch(m -> m.name().equals("facts_refresh")));
    }

    @Test
    void otherMachinesHaveNoSuchProgram() {
        start(Path.of("/etc/agent/config.yaml"));
        world.write("mine", MachineWorld.machine("mine", MachineWorld.exec("run", "A", "facts")));
        world.advance(Duration.ofMinutes(2));
        assertTrue(world.node.sent.stream()
                .map(sent -> sent.event().data())
                .filter(data -> data.text("machine").orElse("").equals("mine"))
                .anyMatch(data -> data.text("reason").orElse("").startsWith("exec.not-found")));
        assertEquals(1, gathered);
    }
}
