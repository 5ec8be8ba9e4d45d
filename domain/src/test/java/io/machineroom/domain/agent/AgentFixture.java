package io.machineroom.domain.agent;

import io.machineroom.domain.flow.LinkSettings;
import io.machineroom.domain.flow.PumpSettings;
import io.machineroom.domain.flow.SimSaas;
import io.machineroom.domain.provisioning.DiskHostFiles;
import io.machineroom.domain.provisioning.EnrolmentSettings;
import io.machineroom.domain.provisioning.SimEnroller;
import io.machineroom.domain.spooling.OutboxSettings;
import io.machineroom.domain.spooling.submission.SubmissionPlace;
import io.machineroom.domain.spooling.submission.SubmissionSettings;
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

/** A node with simulated ports and a SaaS that enrols it; abstract because it holds no test. */
abstract class AgentFixture {
    static final Duration SOON = Duration.ofMinutes(2);

    final SimTasks tasks = new SimTasks(31);
    final SimDisk disk = new SimDisk(tasks.time(), 9);
    final SimStorage spoolDisk = new SimStorage(tasks::await);
    final SimFiles root = new SimFiles(disk, Path.of("/"));
    final SimFiles config = new SimFiles(disk, Path.of("/etc/agent"));
    final SimFiles storage = new SimFiles(disk, Path.of("/etc/agent/state"));
    final SimFiles submitted = new SimFiles(disk, Path.of("/etc/agent/state/submission"));
    final SimFiles machineStore = new SimFiles(disk, Path.of("/etc/agent/machines"));
    final SimKeyring keyring = new SimKeyring(tasks.entropy());
    final SimMeter meter = new SimMeter();
    final SimSaas saas = new SimSaas(tasks, tasks.entropy());
    final SimEnroller enroller = new SimEnroller(tasks.time(), tasks.entropy(), saas.receiptKey());
    final List<NodeContext> ready = new ArrayList<>();
    Optional<RegisteredFile.Place> registered = Optional.empty();
    final List<Exit> exits = new ArrayList<>();

    @Nullable PortException spoolFault;

    Runnable onProvisionedSettings = () -> {};

    AgentFixture() {
        saas.answering(enroller)
                .serving(() -> keyring.publicNkey(KeyRole.NATS_USER).orElseThrow());
        config.replace("provisioning.jwt", enroller.token().getBytes(StandardCharsets.UTF_8), 0600);
    }

    AgentPorts ports() {
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

    AgentSettings settings() {
        Path directory = Path.of("/etc/agent");
        return new AgentSettings(
                new AgentSettings.Paths(
                        directory.resolve("agent.cfg"),
                        "# --- managed ---",
                        directory.resolve("state"),
                        directory.resolve("machines"),
                        directory.resolve("instance.json"),
                        directory.resolve("state/status.json"),
                        directory.resolve("state/metrics.prom"),
                        directory.resolve("state/submission")),
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

    AgentLifecycle agent() {
        return new AgentLifecycle(
                ports(),
                new AgentProfile(
                        "acme", "1.0", "ops@acme.example", "", "", () -> Value.obj("tier", Value.text("gold"))),
                new Parts());
    }

    Tasks.Task start(AgentLifecycle agent) {
        return tasks.fork("agent", () -> exits.add(agent.run()));
    }

    Value.Obj json(String path) {
        return (Value.Obj) new SimJson().read(root.read(path, 1 << 20).orElseThrow());
    }

    final class Parts implements AgentParts {
        @Override
        public AgentSettings settings(Map<String, String> provisioned) {
            if (!provisioned.isEmpty()) {
                onProvisionedSettings.run();
            }
            return AgentFixture.this.settings();
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
            return new OneMachine(context);
        }

        @Override
        public Optional<SubmissionPlace> submissions(Map<String, String> provisioned) {
            return Optional.of(new SubmissionPlace(submitted, SubmissionSettings.defaults()));
        }

        @Override
        public Optional<RegisteredFile.Place> registrationFile(Map<String, String> provisioned) {
            return registered;
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

    /** In place of the machines; like the one that is built in it has the facts refreshed. */
    final class OneMachine implements MachineService {
        private final NodeContext context;

        OneMachine(NodeContext context) {
            this.context = context;
        }

        @Override
        public String name() {
            return "machines";
        }

        @Override
        public void run() throws InterruptedException {
            while (true) {
                tasks.sleep(context.settings().intervals().facts());
                context.refreshFacts().run();
            }
        }

        @Override
        public List<MachineSummary> machines() {
            return List.of(new MachineSummary("m1", "1.0.0", "GOOD", "/m1", ""));
        }

        @Override
        public long listSerial() {
            return 3;
        }

        @Override
        public io.machineroom.ports.host.ControlSocket.Handler desk() {
            return (request, answers) -> answers.accept(request);
        }
    }
}
