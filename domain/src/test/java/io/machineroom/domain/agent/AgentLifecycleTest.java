package io.machineroom.domain.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.PumpSettings;
import io.machineroom.domain.flow.SimSaas;
import io.machineroom.domain.provisioning.DiskHostFiles;
import io.machineroom.domain.provisioning.EnrolmentSettings;
import io.machineroom.domain.provisioning.SimEnroller;
import io.machineroom.domain.spooling.OutboxSettings;
import io.machineroom.domain.supervision.SupervisorSettings;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Problem;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.event.EventFormat;
import io.machineroom.ports.host.FactSource;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.security.KeyRole;
import io.machineroom.ports.sim.SimDisk;
import io.machineroom.ports.sim.SimEvents;
import io.machineroom.ports.sim.SimFacts;
import io.machineroom.ports.sim.SimFiles;
import io.machineroom.ports.sim.SimJson;
import io.machineroom.ports.sim.SimKeyring;
import io.machineroom.ports.sim.SimMeter;
import io.machineroom.ports.sim.SimSignatures;
import io.machineroom.ports.sim.SimSpool;
import io.machineroom.ports.sim.SimStorage;
import io.machineroom.ports.sim.SimTasks;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AgentLifecycleTest {
    private static final Duration SOON = Duration.ofMinutes(2);

    private final SimTasks tasks = new SimTasks(31);
    private final SimDisk disk = new SimDisk(tasks.time(), 9);
    private final SimStorage spoolDisk = new SimStorage(tasks::await);
    private final SimFiles root = new SimFiles(disk, Path.of("/"));
    private final SimFiles config = new SimFiles(disk, Path.of("/etc/agent"));
    private final SimFiles storage = new SimFiles(disk, Path.of("/etc/agent/state"));
    private final SimFiles machineStore = new SimFiles(disk, Path.of("/etc/agent/machines"));
    private final SimKeyring keyring = new SimKeyring(tasks.entropy());
    private final SimMeter meter = new SimMeter();
    private final SimSaas saas = new SimSaas(tasks, tasks.entropy());
    private final SimEnroller enroller = new SimEnroller(tasks.time(), tasks.entropy(), saas.receiptKey());
    private final List<NodeContext> ready = new ArrayList<>();
    private final List<Exit> exits = new ArrayList<>();
    private @Nullable PortException spoolFault;

    AgentLifecycleTest() {
        saas.answering(enroller)
                .serving(() -> keyring.publicNkey(KeyRole.NATS_USER).orElseThrow());
        config.replace("provisioning.jwt", enroller.token().getBytes(StandardCharsets.UTF_8), 0600);
    }

    private AgentPorts ports() {
        return new AgentPorts(
                tasks,
                tasks.time(),
                tasks.entropy(),
                meter,
                config,
                storage,
                new DiskHostFiles(root),
                new SimFacts("n1.example.net"),
                keyring,
                new SimSignatures(),
                new SimJson(),
                List.of(saas.way("https")));
    }

    private AgentSettings settings() {
        Path directory = Path.of("/etc/agent");
        return new AgentSettings(
                new AgentSettings.Paths(
                        directory.resolve("agent.cfg"),
                        "# --- managed ---",
                        directory.resolve("state"),
                        directory.resolve("machines"),
                        directory.resolve("instance.json"),
                        directory.resolve("state/status.json"),
                        directory.resolve("state/metrics.prom")),
                AgentSettings.Intervals.defaults(),
                new EnrolmentSettings(
                        Optional.of(enroller.organisation()),
                        directory.resolve("provisioning.jwt"),
                        Optional.empty(),
                        "1.0",
                        Duration.ofSeconds(5),
                        FactSource.OptOuts.none()),
                LinkSettings.defaults(),
                false,
                PumpSettings.defaults(),
                OutboxSettings.defaults(),
                SupervisorSettings.defaults(),
                AgentSettings.DEFAULT_STOP_DEADLINE);
    }

    private AgentLifecycle agent() {
        return new AgentLifecycle(
                ports(),
                new AgentProfile(
                        "acme", "1.0", "ops@acme.example", "", "", () -> Value.obj("tier", Value.text("gold"))),
                new Parts());
    }

    private Tasks.Task start(AgentLifecycle agent) {
        return tasks.fork("agent", () -> exits.add(agent.run()));
    }

    private Value.Obj json(String path) {
        return (Value.Obj) new SimJson().read(root.read(path, 1 << 20).orElseThrow());
    }

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
    void losesNothingWhenItStopsWhileEverythingIsOff() {
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

    private final class Parts implements AgentParts {
        @Override
        public AgentSettings settings(Map<String, String> provisioned) {
            return AgentLifecycleTest.this.settings();
        }

        @Override
        public List<Problem> check(Map<String, String> provisioned) {
            return List.of();
        }

        @Override
        public Spool openSpool(Map<String, String> provisioned) {
            PortException fault = spoolFault;
            if (fault != null) {
                throw fault;
            }
            return SimSpool.open(
                    spoolDisk, SpoolProvider.Settings.defaults(Path.of("spool")), tasks.time(), tasks.entropy());
        }

        @Override
        public EventFormat format(Map<String, String> provisioned) {
            return new SimEvents();
        }

        @Override
        public MachineService machines(NodeContext context) {
            return new Idle();
        }

        @Override
        public void ready(NodeContext context) {
            ready.add(context);
        }

        @Override
        public byte[] metricsText() {
            return new byte[0];
        }
    }

    private final class Idle implements MachineService {
        @Override
        public String name() {
            return "machines";
        }

        @Override
        public void run() throws InterruptedException {
            tasks.sleep(Duration.ofDays(1_000));
        }

        @Override
        public List<MachineSummary> machines() {
            return List.of(new MachineSummary("m1", "1.0.0", "GOOD", "/m1", ""));
        }

        @Override
        public long listSerial() {
            return 3;
        }
    }
}
