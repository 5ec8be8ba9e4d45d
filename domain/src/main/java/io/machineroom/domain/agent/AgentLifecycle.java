package io.machineroom.domain.agent;

import io.machineroom.domain.flow.Way;
import io.machineroom.domain.orchestration.GovernorDesk;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.domain.spooling.SpoolDesk;
import io.machineroom.domain.spooling.submission.Submissions;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.ControlSocket;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.runtime.Mailbox;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agent: decides at its start whether this node is enrolled, lives in provisioning or provisioned
 * mode, changes over inside the process, and stops leaf first.
 *
 * <p>{@link #run()} is one task and owns all state; the other methods are safe from any task.
 */
public final class AgentLifecycle {
    private static final System.Logger LOG = System.getLogger(AgentLifecycle.class.getName());
    /** Without these the node is of no use: the service manager shall start it anew. */
    private static final Set<String> ESSENTIAL = Set.of("link", "outbox", "machines", "enrolment");

    private static final Duration CHANGE_OVER = Duration.ofSeconds(5);

    private final AgentPorts ports;
    private final AgentProfile profile;
    private final AgentParts parts;
    private final Mailbox<Command> control;
    private final long startedTicks;
    private volatile @Nullable Mode mode;
    private volatile List<String> fallen = List.of();
    private volatile boolean stopped;
    private volatile boolean asked;

    public AgentLifecycle(AgentPorts ports, AgentProfile profile, AgentParts parts) {
        this.ports = ports;
        this.profile = profile;
        this.parts = parts;
        this.control = ports.tasks().mailbox(64);
        this.startedTicks = ports.time().ticks();
    }

    /** Lives until {@link #stop} or until it cannot go on. */
    public Exit run() throws InterruptedException {
        EnrolmentStore store = new EnrolmentStore(ports.config(), ports.json(), ports.signatures(), ports.keyring());
        Optional<Enrolment> enrolment;
        try {
            enrolment = startDecision(store.load());
        } catch (PortException unreadable) {
            return failed("enrolment", unreadable);
        }
        while (true) {
            Command ended;
            try {
                Mode next = enrolment.isPresent() ? provisioned(store, enrolment.get()) : provisioning(store);
                if (asked) {
                    // stopped before it began, or when it had just been enrolled: a spool opened now could take nothing
                    return new Exit.Stopped();
                }
                mode = next;
                next.start();
                ended = live();
                stopped = asked || !(ended instanceof Enrolled);
                next.stop(ended instanceof Stop(Duration deadline) ? deadline : CHANGE_OVER);
            } catch (PortException cannot) {
                abandon();
                return failed(cannot.code().startsWith("spool.") ? "spool" : "config", cannot);
            }
            switch (ended) {
                case Stop ignored -> {
                    return new Exit.Stopped();
                }
                case Fell(Supervisor.Fallen f) -> {
                    return new Exit.Failed(f.service(), f.code(), f.message());
                }
                case Enrolled(Enrolment now) -> enrolment = Optional.of(now);
            }
        }
    }

    /** Asks it to stop; returns at once. */
    public void stop(Duration deadline) {
        asked = true;
        control.offer(new Stop(deadline));
    }

    /** The status document, as in {@code status.json}. */
    public Value.Obj status() {
        Mode now = mode;
        long uptime = (ports.time().ticks() - startedTicks) / 1_000_000_000L;
        return now == null
                ? Value.obj("uptime", Value.num(uptime))
                : now.status(new Mode.StatusContext(uptime, fallen, stopped));
    }

    /** Answers questions about the spool, while it is open. */
    public Optional<SpoolDesk> spool() {
        Mode now = mode;
        return now == null ? Optional.empty() : now.spool().map(open -> new SpoolDesk(open, ports.storage()));
    }

    /** Answers questions about the machines, while the node is enrolled. */
    public Optional<ControlSocket.Handler> machines() {
        Mode now = mode;
        return now == null ? Optional.empty() : now.machines().map(MachineService::desk);
    }

    /** Takes messages of other programs, while the node is enrolled. */
    public Optional<ControlSocket.Handler> submissions() {
        Mode now = mode;
        return now == null ? Optional.empty() : now.submissions().map(Submissions::desk);
    }

    /** Answers requests about governors, while the node is enrolled. */
    public Optional<GovernorDesk> governors() {
        Mode now = mode;
        return now == null ? Optional.empty() : now.governors();
    }

    /** Answers requests about buckets and elections, over whichever link is up; a node that is not enrolled has none. */
    public OrchestrationDesk orchestration() {
        Mode now = mode;
        return new OrchestrationDesk(
                this::bucket, ports, () -> status().text("identity").orElse(""), now == null ? 1 : now.replicas());
    }

    private Bucket bucket(String name) {
        Mode now = mode;
        return Optional.ofNullable(now)
                .flatMap(Mode::buckets)
                .orElseThrow(() -> new PortException.Unavailable(
                        "bucket.unreachable", "the node is not enrolled, so that it has no buckets"))
                .apply(name);
    }

    private static Optional<Enrolment> startDecision(EnrolmentStore.Loaded loaded) {
        return switch (loaded) {
            case EnrolmentStore.None ignored -> Optional.empty();
            case EnrolmentStore.Present(Enrolment enrolment) -> Optional.of(enrolment);
            case EnrolmentStore.Damaged damaged -> {
                LOG.log(Level.ERROR, "going to provisioning mode; evidence is in {0}", damaged.evidence());
                yield Optional.empty();
            }
        };
    }

    private Mode provisioning(EnrolmentStore store) {
        return new ProvisioningMode(
                begin(parts.settings(Map.of())), parts.settings(Map.of()), store, e -> control.offer(new Enrolled(e)));
    }

    private Mode provisioned(EnrolmentStore store, Enrolment enrolment) {
        AgentSettings settings = parts.settings(enrolment.configuration());
        CurrentEnrolment current = new CurrentEnrolment(enrolment);
        List<Way> ways = Ways.of(current, settings, ports);
        if (ways.isEmpty()) {
            throw new PortException.Refused(
                    "agent.no-way",
                    "the enrolment names no server that this build and its settings can reach; see link.order");
        }
        return new ProvisionedMode(
                begin(settings),
                settings,
                enrolment,
                ways,
                new ProvisionedMode.Renewal(store, current, e -> control.offer(new Enrolled(e))));
    }

    private ProvisioningMode.Start begin(AgentSettings settings) {
        Supervisor supervisor = new Supervisor(
                settings.supervisor(),
                ports.tasks(),
                ports.time(),
                ports.entropy(),
                ports.meter(),
                f -> control.offer(new Fell(f)));
        return new ProvisioningMode.Start(ports, profile, parts, supervisor, this::status);
    }

    /** Waits for what ends the mode; a service that can be missed is only remembered. */
    private Command live() throws InterruptedException {
        while (true) {
            Command command = control.take();
            if (!(command instanceof Fell(Supervisor.Fallen f)) || ESSENTIAL.contains(f.service())) {
                return command;
            }
            List<String> more = new ArrayList<>(fallen);
            more.add(f.service() + ": " + f.code());
            fallen = List.copyOf(more);
        }
    }

    private void abandon() throws InterruptedException {
        Mode begun = mode;
        stopped = true;
        if (begun != null) {
            begun.stop(CHANGE_OVER);
        }
    }

    private static Exit failed(String part, PortException e) {
        LOG.log(Level.ERROR, "the agent cannot go on: {0}: {1}", e.code(), e.getMessage());
        return new Exit.Failed(part, e.code(), String.valueOf(e.getMessage()));
    }

    private sealed interface Command {}

    private record Stop(Duration deadline) implements Command {}

    private record Enrolled(Enrolment enrolment) implements Command {}

    private record Fell(Supervisor.Fallen fallen) implements Command {}
}
