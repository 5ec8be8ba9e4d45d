package io.machineroom.domain.replication;

import io.machineroom.domain.supervision.Service;
import java.util.List;

/** What one place does for the whole site: makes what it keeps, and copies between it and the SaaS. Begun once. */
final class SiteWork {
    private final SiteSetup setup;
    private final SiteUplink uplink;
    private final List<Service> services;

    /**
     * Work that has not begun.
     *
     * @param replicas on how many brokers what the site keeps lies
     * @param fitness is told what the SaaS does with what comes from here
     */
    SiteWork(SiteRuntime runtime, SiteSettings settings, int replicas, SiteFitness fitness) {
        SiteReceipts receipts = new SiteReceipts(runtime);
        this.setup = new SiteSetup(runtime, settings.intakeBytes(), replicas);
        this.uplink = new SiteUplink(runtime, receipts, settings.rate(), fitness);
        this.services = List.of(
                setup,
                new ConfigCopy(runtime, new ConfigNames(settings.configPrefix())),
                receipts,
                uplink,
                new UplinkWord(runtime));
    }

    /** In the order of their start. */
    List<Service> services() {
        return services;
    }

    /** As measured last; safe from any task. */
    SiteSetup.Backlog backlog() {
        return setup.backlog();
    }

    /** Why events wait; empty when they do not. Safe from any task. */
    String lastCode() {
        return uplink.lastCode();
    }
}
