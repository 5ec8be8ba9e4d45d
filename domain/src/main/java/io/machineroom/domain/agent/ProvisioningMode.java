package io.machineroom.domain.agent;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.flow.LinkState;
import io.machineroom.domain.flow.PumpState;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.provisioning.EnrolmentLoop;
import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.domain.spooling.OutboxState;
import io.machineroom.domain.spooling.submission.SubmissionState;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.ports.data.Value;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The life of a node that is not enrolled: it asks, gathers facts and tells its status. There is no
 * spool yet, since nobody is known who could receive; its life-cycle events go to the log.
 */
final class ProvisioningMode implements Mode {
    private static final System.Logger LOG = System.getLogger(ProvisioningMode.class.getName());

    private final AgentPorts ports;
    private final AgentProfile profile;
    private final Supervisor supervisor;
    private final EnrolmentLoop loop;
    private final FactsRefresher facts;
    private final StatusReporter reporter;

    ProvisioningMode(Start start, AgentSettings settings, EnrolmentStore store, Consumer<Enrolment> enrolled) {
        this.ports = start.ports();
        this.profile = start.profile();
        this.supervisor = start.supervisor();
        this.loop =
                new EnrolmentLoop(settings.enrolment(), enrolmentParts(ports), store, start.parts()::check, enrolled);
        this.facts = new FactsRefresher(
                new FactsDocument(profile, settings, ports, ports.time().wall()),
                settings,
                ports,
                () -> loop.state().identity());
        this.reporter = new StatusReporter(settings, ports, start.status(), start.parts()::metricsText);
    }

    /** What enrolments and their renewal need. */
    static EnrolmentLoop.Parts enrolmentParts(AgentPorts ports) {
        return new EnrolmentLoop.Parts(
                ports.transport("https").orElseThrow(),
                ports.hostFiles(),
                ports.facts(),
                ports.keyring(),
                ports.signatures(),
                ports.json(),
                ports.tasks(),
                ports.time(),
                ports.entropy(),
                ports.meter());
    }

    @Override
    public void start() {
        LOG.log(Level.INFO, "provisioning mode: {0} {1} asks to be enrolled", profile.name(), profile.version());
        tell(events().startup().subject().text());
        supervisor.start(facts);
        supervisor.start(reporter);
        supervisor.start(loop);
    }

    @Override
    public void stop(Duration deadline) throws InterruptedException {
        supervisor.stop(deadline);
        tell(events().shutdown().subject().text());
        reporter.write();
    }

    @Override
    public Value.Obj status(StatusContext context) {
        return StatusDocument.of(new StatusDocument.Snapshot(
                context.stopped() ? "stopped" : "provisioning",
                profile.version(),
                loop.state().identity(),
                "",
                "",
                "",
                Optional.empty(),
                context.uptimeSeconds(),
                "",
                LinkState.none(),
                Optional.empty(),
                OutboxState.none(),
                SubmissionState.none(),
                PumpState.none(),
                loop.state(),
                0,
                List.of(),
                context.fallen()));
    }

    private Events events() {
        return new Events(
                loop.state().identity(),
                Events.COMPONENT_PROVISIONING,
                profile.version(),
                ports.time(),
                ports.entropy());
    }

    private static void tell(String event) {
        LOG.log(Level.INFO, "life-cycle event {0}", event);
    }

    /**
     * What both modes begin with.
     *
     * @param status the status of the whole agent
     */
    record Start(
            AgentPorts ports,
            AgentProfile profile,
            AgentParts parts,
            Supervisor supervisor,
            Supplier<Value.Obj> status) {}
}
