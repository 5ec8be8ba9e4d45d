package io.machineroom.domain.agent;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.flow.LinkKeeper;
import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.flow.PumpRuntime;
import io.machineroom.domain.flow.ReceiptVerifier;
import io.machineroom.domain.flow.Way;
import io.machineroom.domain.orchestration.Governor;
import io.machineroom.domain.orchestration.GovernorDesk;
import io.machineroom.domain.orchestration.Governors;
import io.machineroom.domain.provisioning.CompatibilityFiles;
import io.machineroom.domain.provisioning.Enrolment;
import io.machineroom.domain.provisioning.EnrolmentState;
import io.machineroom.domain.provisioning.EnrolmentStore;
import io.machineroom.domain.replication.Site;
import io.machineroom.domain.spooling.Forwarder;
import io.machineroom.domain.spooling.Outbox;
import io.machineroom.domain.spooling.SharedSpool;
import io.machineroom.domain.spooling.submission.SubmissionState;
import io.machineroom.domain.spooling.submission.Submissions;
import io.machineroom.domain.supervision.Service;
import io.machineroom.domain.supervision.Supervisor;
import io.machineroom.domain.tokens.JwtReader;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.kv.Bucket;
import io.machineroom.ports.kv.BucketSpec;
import io.machineroom.ports.spool.Spool;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The life of an enrolled node: spool, link, forwarder, machines, facts, inventory and status. */
final class ProvisionedMode implements Mode {
    private static final System.Logger LOG = System.getLogger(ProvisionedMode.class.getName());

    private final ProvisioningMode.Start begin;
    private final AgentPorts ports;
    private final AgentSettings settings;
    private final Enrolment enrolment;
    private final Supervisor supervisor;
    private final SharedSpool spool;
    private final LinkKeeper links;
    private final Outbox outbox;
    private final Forwarder forwarder;
    private final FactsRefresher facts;
    private final StatusReporter reporter;
    private final Events events;
    private final NodeContext context;
    private final MachineService machines;
    private final Renewal renewal;
    private final Optional<Site> site;
    private final Optional<Submissions> submissions;
    private volatile String tokenExpires;

    /**
     * A provisioned life.
     *
     * @param ways at least one
     */
    ProvisionedMode(
            ProvisioningMode.Start begin,
            AgentSettings settings,
            Enrolment enrolment,
            List<Way> ways,
            Renewal renewal) {
        this.begin = begin;
        this.ports = begin.ports();
        this.settings = settings;
        this.enrolment = enrolment;
        this.supervisor = begin.supervisor();
        AgentParts parts = begin.parts();
        this.spool = new SharedSpool(() -> parts.openSpool(enrolment.configuration()));
        this.links = new LinkKeeper(ways, settings.link(), ports.tasks(), ports.time(), ports.entropy(), ports.meter());
        this.outbox = new Outbox(
                spool, parts.format(enrolment.configuration()), settings.outbox(), ports.tasks(), ports.meter());
        this.forwarder = new Forwarder(
                spool,
                links,
                new ReceiptVerifier(ports.signatures(), enrolment.receiptKey(), enrolment.nodeKey()),
                ports.storage(),
                settings.pump(),
                runtime(enrolment, ports));
        this.facts = facts(begin, settings, enrolment);
        this.reporter = new StatusReporter(settings, ports, begin.status(), parts::metricsText);
        this.events = catalogue(begin, enrolment);
        this.site = SiteLeader.of(begin, settings, enrolment, links);
        this.context = new NodeContext(
                settings,
                enrolment,
                events,
                outbox::publish,
                this::bucket,
                new SwitchingMessages(links, ports.tasks()),
                new SwitchingSlots(site.map(Site::links).orElse(links)),
                Ways.gateway(enrolment, settings),
                facts::current,
                facts::refreshed);
        this.machines = parts.machines(context);
        this.renewal = renewal;
        this.submissions = Submitting.of(parts, spool, ports, context);
        this.tokenExpires = tokenExpires(enrolment);
    }

    /**
     * What becomes of a renewed enrolment.
     *
     * @param current learns of one that brings fresh tokens only
     * @param changed told of one that brings more than fresh tokens: the node shall live with it from now on
     */
    record Renewal(EnrolmentStore store, CurrentEnrolment current, Consumer<Enrolment> changed) {}

    private static PumpRuntime runtime(Enrolment enrolment, AgentPorts ports) {
        return new PumpRuntime(
                ports.tasks(), ports.time(), ports.entropy(), ports.meter(), SiteLeader.ear(enrolment, ports));
    }

    private static FactsRefresher facts(ProvisioningMode.Start begin, AgentSettings settings, Enrolment enrolment) {
        AgentPorts ports = begin.ports();
        FactsDocument document =
                new FactsDocument(begin.profile(), settings, ports, ports.time().wall());
        return new FactsRefresher(document, settings, ports, enrolment::identity);
    }

    private static Events catalogue(ProvisioningMode.Start begin, Enrolment enrolment) {
        AgentPorts ports = begin.ports();
        String version = begin.profile().version();
        return new Events(enrolment.identity(), Events.COMPONENT_SERVER, version, ports.time(), ports.entropy());
    }

    @Override
    public void start() {
        LOG.log(Level.INFO, "provisioned mode: {0} of {1}", enrolment.identity(), enrolment.customer());
        // first: connecting takes longest, and the spool opens meanwhile; nothing is sent before it is open
        supervisor.start(Service.of("link", links::run));
        writeCompatibilityFiles(enrolment);
        try {
            spool.open();
        } catch (PortException.Unavailable disk) {
            LOG.log(Level.ERROR, "the spool cannot be opened yet: {0}: {1}", disk.code(), disk.getMessage());
        }
        supervisor.start(forwarder);
        supervisor.start(outbox);
        submissions.ifPresent(supervisor::start);
        site.ifPresent(led -> led.services().forEach(supervisor::start));
        outbox.publish(events.startup());
        supervisor.start(new ShutdownNotice(events, outbox::publish, ports.tasks()));
        // once: later on the machine facts_refresh does it
        supervisor.start(Service.of(facts.name(), facts::refresh));
        supervisor.start(machines);
        supervisor.start(new Inventory(
                ports,
                begin.profile(),
                settings.intervals(),
                events,
                outbox::publish,
                new Inventory.Content(facts::current, begin.status(), machines::machines)));
        RegisteredFile.of(begin.parts(), ports, context).ifPresent(supervisor::start);
        supervisor.start(
                new AliveEvents(events, outbox::publish, settings.intervals().alive(), ports.tasks(), ports.entropy()));
        supervisor.start(reporter);
        Renewing.of(begin, settings, enrolment, renewal.store(), bucket(BucketSpec.CONFIG), this::renewed)
                .ifPresent(supervisor::start);
        begin.parts().ready(context);
    }

    private void renewed(Enrolment next) {
        if (enrolment.differsInTokensOnly(next)) {
            renewal.current().renewed(next);
            tokenExpires = tokenExpires(next);
            writeCompatibilityFiles(next);
        } else {
            LOG.log(Level.INFO, "the renewed enrolment brings other servers, keys or settings: they are taken on now");
            renewal.changed().accept(next);
        }
    }

    @Override
    public void stop(Duration deadline) throws InterruptedException {
        try {
            supervisor.stop(deadline);
        } finally {
            spool.close();
        }
        reporter.write();
    }

    @Override
    public Value.Obj status(StatusContext about) {
        return StatusDocument.of(new StatusDocument.Snapshot(
                about.stopped() ? "stopped" : "provisioned",
                begin.profile().version(),
                enrolment.identity(),
                enrolment.customer(),
                enrolment.site(),
                SiteLeader.role(enrolment),
                site.map(Site::state),
                about.uptimeSeconds(),
                tokenExpires,
                links.state(),
                spool.current().map(Spool::stats),
                outbox.state(),
                submissions.map(Submissions::state).orElse(SubmissionState.none()),
                forwarder.state(),
                EnrolmentState.none(),
                Math.max(enrolment.listSerial(), machines.listSerial()),
                machines.machines(),
                about.fallen()));
    }

    @Override
    public Optional<Spool> spool() {
        return spool.current();
    }

    /** Desired state comes from the SaaS; what the nodes of a site share lies at its broker, for its leader as well. */
    private Bucket bucket(String name) {
        LinkSupply where =
                name.equals(BucketSpec.CONFIG) ? links : site.map(Site::links).orElse(links);
        return new SwitchingBucket(name, where, ports.tasks());
    }

    @Override
    public Optional<Function<String, Bucket>> buckets() {
        return Optional.of(this::bucket);
    }

    @Override
    public Optional<MachineService> machines() {
        return Optional.of(machines);
    }

    @Override
    public Optional<Submissions> submissions() {
        return submissions;
    }

    @Override
    public Optional<GovernorDesk> governors() {
        Governor governor = new Governor(
                context.slots(), new Governor.Means(ports.tasks(), ports.time(), ports.entropy(), ports.meter()));
        Governors told = new Governors(governor, events, outbox::publish, ports.json());
        return Optional.of(new GovernorDesk(context.slots(), told, ports.tasks(), remedy(), replicas()));
    }

    @Override
    public int replicas() {
        return site.map(Site::replicas).orElse(1);
    }

    private String remedy() {
        return SiteLeader.role(enrolment).equals(SiteLeader.FOLLOWER)
                ? "that is for the leader of site " + enrolment.site() + ", run the same command there"
                : "that is for your vendor, with 'backplane governor'";
    }

    private void writeCompatibilityFiles(Enrolment now) {
        AgentSettings.Paths paths = settings.paths();
        try {
            new CompatibilityFiles(
                            ports.config(),
                            ports.keyring(),
                            String.valueOf(paths.configFile().getFileName()),
                            paths.managedMarker())
                    .write(now);
        } catch (PortException disk) {
            LOG.log(Level.ERROR, "the compatible files cannot be written: {0}: {1}", disk.code(), disk.getMessage());
        }
    }

    private String tokenExpires(Enrolment now) {
        return Optional.of(now.serverJwt().useText(t -> t))
                .flatMap(text -> new JwtReader(ports.json(), ports.signatures())
                        .parse(text)
                        .verified())
                .map(jwt -> jwt.claims().expires())
                .filter(seconds -> seconds > 0)
                .map(seconds -> Instant.ofEpochSecond(seconds).toString())
                .orElse("");
    }
}
