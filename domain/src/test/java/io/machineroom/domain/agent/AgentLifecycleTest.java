package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.security.KeyRole;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AgentLifecycleTest extends AgentFixture {
    @Test
    void enrolsAndRestartsIntoProvisionedModeInsideTheProcess() {
        AgentLifecycle agent = agent();
        start(agent);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        assertEquals("n1.example.net", ready.getFirst().enrolment().identity());
        tasks.advance(Duration.ofSeconds(40));
        Value.Obj status = json("etc/agent/state/status.json");
        assertEquals(Optional.of(false), status.bool("provisioning_mode"));
        assertEquals(Optional.of("https://saas"), status.text("connected_server"));
        Value.Obj room = status.obj("machine_room").orElseThrow();
        assertEquals(Optional.of("provisioned"), room.text("mode"));
        assertEquals(Optional.of(7L), room.whole("list_serial"));
        assertEquals(
                0644, root.info("etc/agent/state/status.json").orElseThrow().mode());
        assertEquals(Optional.of(0L), room.obj("ledger").orElseThrow().whole("waiting"));
        assertTrue(saas.stored().size() >= 2, "startup and inventory are stored");
        agent.stop(Duration.ofSeconds(10));
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), Duration.ofSeconds(12)));
        assertInstanceOf(Exit.Stopped.class, exits.getFirst());
        assertTrue(tasks.failures().isEmpty(), () -> tasks.failures().toString());
    }

    @Test
    void opensNoSpoolWhenItIsStoppedBeforeItBegins() {
        spoolFault = new PortException.Corrupted("spool.touched", "nobody may open it");
        AgentLifecycle agent = agent();
        agent.stop(Duration.ofSeconds(5));
        start(agent);
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), SOON));
        assertInstanceOf(Exit.Stopped.class, exits.getFirst());
        assertEquals(List.of(), ready);
        assertEquals(0, saas.way("https").connects());
    }

    /** The enrolment is committed, then the stop comes, then the other mode would begin. */
    @Test
    void opensNoSpoolWhenItIsStoppedRightAfterItsEnrolment() {
        spoolFault = new PortException.Corrupted("spool.touched", "nobody may open it");
        AgentLifecycle[] agent = new AgentLifecycle[1];
        onProvisionedSettings = () -> agent[0].stop(Duration.ofSeconds(5));
        agent[0] = agent();
        start(agent[0]);
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), SOON));
        assertInstanceOf(Exit.Stopped.class, exits.getFirst());
        assertTrue(root.read("etc/agent/enrolment.json", 1 << 20).isPresent());
        spoolFault = null;
        onProvisionedSettings = () -> {};
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON), "goes on enrolled");
    }

    @Test
    void answersForItsMachinesOnceItIsEnrolled() {
        AgentLifecycle agent = agent();
        assertEquals(Optional.empty(), agent.machines());
        start(agent);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        List<Value.Obj> answers = new java.util.ArrayList<>();
        Value.Obj request = Value.obj("action", Value.text("states"));
        tasks.run(() -> agent.machines().orElseThrow().handle(request, answers::add));
        assertEquals(List.of(request), answers, "the desk of the fixture says what it is asked");
    }

    @Test
    void tellsNothingSecretInFactsAndStatus() {
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofSeconds(40));
        String told = new String(root.read("etc/agent/instance.json", 1 << 20).orElseThrow(), StandardCharsets.UTF_8)
                + new String(root.read("etc/agent/state/status.json", 1 << 20).orElseThrow(), StandardCharsets.UTF_8);
        assertFalse(told.contains("eyJ"), "no token");
        assertFalse(told.contains("shared-secret"));
        assertEquals(0600, root.info("etc/agent/instance.json").orElseThrow().mode());
        Value.Obj block = json("etc/agent/instance.json").obj("machine_room").orElseThrow();
        assertEquals(Optional.of("n1.example.net"), block.text("identity"));
        assertEquals(
                Optional.of("gold"), block.obj("additional_facts").orElseThrow().text("tier"));
        assertEquals(
                Optional.of("one"),
                block.obj("provisioning")
                        .orElseThrow()
                        .obj("extended_claims")
                        .orElseThrow()
                        .text("customer"));
    }

    @Test
    void showsWhyItIsNotEnrolled() {
        config.delete("provisioning.jwt");
        AgentLifecycle agent = agent();
        start(agent);
        tasks.advance(Duration.ofMinutes(1));
        Value.Obj status = json("etc/agent/state/status.json");
        assertEquals(Optional.of(true), status.bool("provisioning_mode"));
        Value.Obj enrolment =
                status.obj("machine_room").orElseThrow().obj("enrolment").orElseThrow();
        assertEquals(Optional.of("enrol.no-token"), enrolment.text("last_code"));
        agent.stop(Duration.ofSeconds(5));
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), Duration.ofSeconds(12)));
    }

    @Test
    void startsProvisionedWhileEverythingIsOffAndSendsLater() {
        AgentLifecycle first = agent();
        start(first);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        first.stop(Duration.ofSeconds(10));
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), Duration.ofSeconds(12)));
        int before = saas.stored().size();
        saas.way("https").reachable(false);
        AgentLifecycle second = agent();
        start(second);
        tasks.advance(Duration.ofMinutes(1));
        assertEquals(2, ready.size());
        assertTrue(ledger(second, "waiting") >= 2, () -> second.status().toString());
        saas.way("https").reachable(true);
        tasks.advance(Duration.ofMinutes(1));
        assertEquals(0, ledger(second, "waiting"));
        assertTrue(saas.stored().size() >= before + 2);
    }

    private static long ledger(AgentLifecycle agent, String key) {
        return agent.status()
                .obj("machine_room")
                .orElseThrow()
                .obj("ledger")
                .orElseThrow()
                .whole(key)
                .orElseThrow();
    }

    @Test
    void agentsW17AndW55LosesNothingWhenItStopsWhileEverythingIsOff() {
        AgentLifecycle first = agent();
        start(first);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofSeconds(10));
        saas.way("https").reachable(false);
        for (int i = 0; i < 100; i++) {
            ready.getFirst().out().accept(ready.getFirst().events().alive());
        }
        first.stop(Duration.ofSeconds(10));
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), Duration.ofSeconds(12)));
        saas.way("https").reachable(true);
        int before = saas.stored().size();
        start(agent());
        tasks.advance(Duration.ofMinutes(1));
        assertTrue(saas.stored().size() >= before + 102, "100, shutdown and startup");
    }

    @Test
    void goesToProvisioningModeWithEvidenceWhenTheEnrolmentIsDamaged() {
        config.replace("enrolment.json", "{\"half".getBytes(StandardCharsets.UTF_8), 0600);
        start(agent());
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        assertTrue(config.info("enrolment.damaged-1").isPresent());
        assertTrue(config.info("enrolment.json").isPresent());
    }

    @Test
    void endsWhenTheSpoolIsDamagedAndSaysSo() {
        spoolFault = new PortException.Corrupted("spool.version", "another version");
        start(agent());
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), SOON));
        Exit.Failed failed = assertInstanceOf(Exit.Failed.class, exits.getFirst());
        assertEquals("spool", failed.part());
        assertEquals("spool.version", failed.code());
    }

    @Test
    void runsItsMachinesThoughTheSpoolCannotBeOpenedYet() {
        spoolFault = new PortException.Unavailable("spool.disk", "read-only");
        AgentLifecycle agent = agent();
        start(agent);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofMinutes(1));
        assertTrue(exits.isEmpty());
        spoolFault = null;
        tasks.advance(Duration.ofMinutes(1));
        assertTrue(saas.stored().size() >= 2);
    }

    @Test
    void isAsNewAfterAFactoryReset() {
        config.replace("agent.cfg", "log.level=debug\n".getBytes(StandardCharsets.UTF_8), 0644);
        AgentLifecycle agent = agent();
        start(agent);
        assertTrue(tasks.runUntil(() -> !ready.isEmpty(), SOON));
        tasks.advance(Duration.ofSeconds(40));
        agent.stop(Duration.ofSeconds(10));
        assertTrue(tasks.runUntil(() -> !exits.isEmpty(), Duration.ofSeconds(12)));
        machineStore.replace("m1/machine.yaml", new byte[1], 0644);
        FactoryReset reset = new FactoryReset(
                config, storage, machineStore, keyring, settings().paths());
        assertEquals(List.of(), reset.run());
        assertEquals(List.of("agent.cfg", "provisioning.jwt"), config.walk(""));
        assertEquals(
                "log.level=debug\n", new String(config.read("agent.cfg", 100).orElseThrow(), StandardCharsets.UTF_8));
        assertFalse(keyring.has(KeyRole.IDENTITY));
        assertEquals(List.of(), reset.run());
    }
}
