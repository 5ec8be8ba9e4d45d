package io.machineroom.domain.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Slots;
import io.machineroom.ports.sim.SimGovernors;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimWire;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An entry of a list with a governor: its archive is fetched in a slot, so that not all nodes fetch at once (spec 6.2 and 4.1). */
final class GovernedDeploymentTest {
    private final DeploymentWorld world = new DeploymentWorld(6);
    private long serial;
    private final SimWire wire = new SimWire(world.tasks);
    private final Value.Obj echo = world.pack("echo", Map.of("machine.yaml", "m", "run.sh", "one"));
    private final Value.Obj other = world.pack("other", Map.of("machine.yaml", "m"));

    @BeforeEach
    void connect() {
        List<Link> links = new ArrayList<>();
        world.tasks.run(() -> links.add(wire.nodeLink()));
        Governor governor = new Governor(
                () -> links.getFirst().slots(),
                new Governor.Means(world.tasks, world.tasks.time(), world.tasks.entropy(), new SimMeter()));
        world.slots = Optional.of(new Governors(governor, world.events, world.sent::add, world.json));
    }

    private SimGovernors broker() {
        return wire.streams().governors();
    }

    private void make(String governor) {
        broker().ensure(new Slots.Rules(governor, 1, Duration.ofMinutes(10), 1));
    }

    private static Value.Obj governed(Value.Obj entry, String governor) {
        return entry.with("governor", Value.text(governor));
    }

    private String deploy(Value... entries) {
        return world.apply(world.deployer(), world.sign(++serial, entries)).error();
    }

    private List<String> told() {
        return world.sent.stream()
                .filter(o -> o.subject().text().startsWith("choria.lifecycle.event.governor."))
                .map(Outgoing::event)
                .map(e -> e.data().text("component").orElse("") + " "
                        + e.data().text("event_type").orElse("") + " "
                        + e.data().text("governor").orElse(""))
                .toList();
    }

    private boolean installed(String name) {
        return world.plugins().pointer(name).isPresent();
    }

    @Test
    void fetchesInASlotAndGivesItBack() {
        make("DEPLOY");
        assertEquals("", deploy(governed(echo, "DEPLOY")));
        assertTrue(installed("echo"));
        assertEquals(List.of("machines_manager enter DEPLOY", "machines_manager exit DEPLOY"), told());
        assertEquals(List.of(), broker().view("DEPLOY"));
    }

    @Test
    void theNameIsATemplateOverFacts() {
        make("DEPLOY_lon");
        assertEquals("", deploy(governed(echo, "DEPLOY_{{ lookup \"facts.dc\" \"none\" }}")));
        assertEquals(List.of("machines_manager enter DEPLOY_lon", "machines_manager exit DEPLOY_lon"), told());
    }

    @Test
    void takesNoSlotWhenNothingIsFetched() {
        make("DEPLOY");
        Deployer deployer = world.deployer();
        Value list = world.sign(1, governed(echo, "DEPLOY"));
        world.apply(deployer, list);
        int before = world.artifacts.asked().size();
        for (int i = 0; i < 5; i++) {
            world.tasks.advance(Duration.ofMinutes(3));
            assertEquals("", world.apply(deployer, list).error());
        }
        assertEquals(before, world.artifacts.asked().size());
        assertEquals(2, told().size(), "looking whether files are as they were needs no slot");
    }

    @Test
    void waitsForWhoHoldsTheSlotNow() {
        make("DEPLOY");
        long theirs = broker().enterAs("DEPLOY", "another node");
        world.tasks.fork("them", () -> {
            world.tasks.sleep(Duration.ofSeconds(40));
            assertEquals(0, world.artifacts.asked().size(), "nothing is fetched without a slot");
            broker().leaveAs("DEPLOY", theirs);
        });
        assertEquals("", deploy(governed(echo, "DEPLOY")));
        assertTrue(installed("echo"));
        assertEquals(List.of(), world.tasks.failures());
    }

    @Test
    void withoutASlotInTimeOnlyThatEntryWaits() {
        make("DEPLOY");
        broker().enterAs("DEPLOY", "another node");
        String error = deploy(governed(echo, "DEPLOY"), other);
        assertTrue(error.startsWith("echo: governor.timeout"), error);
        assertEquals(List.of("machines_manager timeouts DEPLOY"), told());
        assertTrue(installed("other"));
        assertEquals(1, world.artifacts.asked().size());
    }

    @Test
    void anUnknownGovernorAndABadNameStopOnlyTheirEntry() {
        for (String name : List.of("NOT_THERE", "a.b", "{{ lookup }}")) {
            world.sent.clear();
            String error = deploy(governed(echo, name), other);
            assertTrue(error.startsWith("echo: "), error);
            assertTrue(installed("other"));
            assertEquals(Optional.empty(), world.plugins().pointer("echo"));
        }
    }

    @Test
    void whereThereAreNoGovernorsTheEntryIsRefusedAndSaysWhy() {
        world.slots = Optional.empty();
        String error = deploy(governed(echo, "DEPLOY"), other);
        assertTrue(error.startsWith("echo: governor.unavailable"), error);
        assertTrue(installed("other"));
    }
}
