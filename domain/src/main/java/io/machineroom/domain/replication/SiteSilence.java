package io.machineroom.domain.replication;

import io.machineroom.domain.supervision.Service;
import java.time.Duration;

/** Has a broker that runs and takes no connection for a minute started anew. One task. */
final class SiteSilence implements Service {
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long SILENT_NANOS = 60_000_000_000L;

    private final SiteRuntime runtime;
    private final Runnable restart;

    SiteSilence(SiteRuntime runtime, Runnable restart) {
        this.runtime = runtime;
        this.restart = restart;
    }

    @Override
    public String name() {
        return "site-silence";
    }

    @Override
    public void run() throws InterruptedException {
        long reached = runtime.ticks();
        while (true) {
            if (runtime.site().current().isPresent()) {
                reached = runtime.ticks();
            } else if (runtime.ticks() - reached >= SILENT_NANOS) {
                restart.run();
                reached = runtime.ticks();
            }
            runtime.tasks().sleep(LOOK);
        }
    }
}
