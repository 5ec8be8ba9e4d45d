package io.machineroom.domain.replication;

import io.machineroom.domain.flow.Backoff;
import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.flow.RateSchedule;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.SiteSink;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;

/**
 * Moves what the nodes of a site handed over to the SaaS: in order, several batches on the way at once, settled at the site when
 * the next hop has it. When in doubt it is sent again under the same ids; nodes forget nothing before their receipt. One task.
 */
final class SiteUplink implements Service {
    /** Name of the consumer of the site's intake. */
    static final String CONSUMER = "uplink";

    private static final System.Logger LOG = System.getLogger(SiteUplink.class.getName());
    private static final Duration LOOK = Duration.ofMillis(250);

    private final SiteRuntime runtime;
    private final SiteReceipts receipts;
    private final SiteFitness fitness;
    private final SiteMemory memory = new SiteMemory();
    private final SitePace pace;
    private final Backoff backoff = Backoff.fiveSeconds();
    private long generation;
    private int failures;
    private volatile String lastCode = "";

    SiteUplink(SiteRuntime runtime, SiteReceipts receipts, RateSchedule rate, SiteFitness fitness) {
        this.runtime = runtime;
        this.receipts = receipts;
        this.fitness = fitness;
        this.pace = new SitePace(rate, runtime.machine().time());
    }

    @Override
    public String name() {
        return "site-uplink";
    }

    /** Code of the fault that keeps it from moving; empty when it moves. Safe from any task. */
    String lastCode() {
        return lastCode;
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            Optional<LinkSupply.Held> site = runtime.site().current();
            Optional<LinkSupply.Held> saas = runtime.saas().current();
            if (site.isPresent() && saas.isPresent()) {
                between(site.get(), saas.get());
            } else {
                runtime.tasks().sleep(LOOK);
            }
        }
    }

    private void between(LinkSupply.Held site, LinkSupply.Held saas) throws InterruptedException {
        if (saas.generation() != generation) {
            memory.forget();
            generation = saas.generation();
        }
        try (Intake urgent = site.link().intake(SiteStreams.URGENT, CONSUMER);
                Intake others = site.link().intake(SiteStreams.INTAKE, CONSUMER)) {
            over(site, saas, urgent, others);
        } catch (PortException.Unavailable | PortException.Refused e) {
            pause("site", e);
        }
    }

    private void over(LinkSupply.Held site, LinkSupply.Held saas, Intake urgent, Intake others)
            throws InterruptedException {
        SiteSink sink;
        try {
            sink = saas.link().siteSink(runtime.name());
        } catch (PortException.Unavailable | PortException.Refused e) {
            refused(saas, e);
            return;
        }
        SiteFlow flow = new SiteFlow(runtime, new SiteFlow.Ends(urgent, others, sink), memory, receipts, pace);
        try {
            through(flow, site, saas);
        } catch (InterruptedException stopped) {
            handOver(flow);
            throw stopped;
        }
    }

    private void through(SiteFlow flow, LinkSupply.Held site, LinkSupply.Held saas) throws InterruptedException {
        while (runtime.holds(site, saas)) {
            if (flow.step()) {
                moved(saas);
            }
            Optional<PortException> stuck = flow.stuck();
            if (stuck.isPresent()) {
                flow.release();
                runtime.saas().report(saas, false);
                refused(saas, stuck.get());
            }
        }
        flow.release();
    }

    /** Another place may carry on: what is under way here must not wait half a minute for its server to miss us. */
    private void handOver(SiteFlow flow) throws InterruptedException {
        try {
            flow.release();
        } catch (PortException.Unavailable | PortException.Refused e) {
            LOG.log(Level.DEBUG, "what was under way comes again later: {0}: {1}", e.code(), e.getMessage());
        }
    }

    private void moved(LinkSupply.Held saas) {
        if (failures > 0 || !lastCode.isEmpty()) {
            runtime.saas().report(saas, true);
        }
        failures = 0;
        lastCode = "";
        fitness.moved();
    }

    private void refused(LinkSupply.Held saas, PortException fault) throws InterruptedException {
        fitness.refused(fault.code());
        pause(saas.way(), fault);
    }

    private void pause(String where, PortException fault) throws InterruptedException {
        runtime.meter().count("mr_site_unavailable_total", "code", fault.code(), 1);
        if (!fault.code().equals(lastCode)) {
            LOG.log(Level.WARNING, "events of the site wait ({0}): {1}: {2}", where, fault.code(), fault.getMessage());
        }
        lastCode = fault.code();
        runtime.tasks().sleep(backoff.delay(failures++, runtime.machine().entropy()));
    }
}
