package io.machineroom.domain.replication;

import io.machineroom.domain.flow.RateSchedule;
import io.machineroom.domain.supervision.Service;

/** What carries a site's events up, alone: without broker, certificate and gateway around it. */
public final class SiteCopy {
    private SiteCopy() {}

    public static Service over(SiteRuntime runtime) {
        return new SiteUplink(
                runtime,
                new SiteReceipts(runtime),
                RateSchedule.FREE,
                new SiteFitness(runtime.machine().time()));
    }
}
