package io.machineroom.domain.spooling;

import io.machineroom.domain.flow.LinkSupply;
import io.machineroom.domain.flow.ParkedMessages;
import io.machineroom.domain.flow.Pump;
import io.machineroom.domain.flow.PumpRuntime;
import io.machineroom.domain.flow.PumpSettings;
import io.machineroom.domain.flow.PumpState;
import io.machineroom.domain.flow.ReceiptVerifier;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.stream.Source;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The pump from this node's spool to the SaaS. Each run opens the spool's reader {@code saas} and closes
 * it; beside it a small task frees what the SaaS has.
 */
public final class Forwarder implements Service {
    private static final System.Logger LOG = System.getLogger(Forwarder.class.getName());
    /** Name of the spool's reader. */
    public static final String READER = "saas";

    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration TRIM_EVERY = Duration.ofSeconds(10);

    private final SharedSpool shared;
    private final LinkSupply links;
    private final ReceiptVerifier verifier;
    private final FileTree storage;
    private final PumpSettings settings;
    private final PumpRuntime runtime;
    private volatile @Nullable Pump pump;
    private volatile boolean finishing;

    /**
     * A forwarder.
     *
     * @param storage where refused messages are kept, below {@code parked}
     */
    public Forwarder(
            SharedSpool shared,
            LinkSupply links,
            ReceiptVerifier verifier,
            FileTree storage,
            PumpSettings settings,
            PumpRuntime runtime) {
        this.shared = shared;
        this.links = links;
        this.verifier = verifier;
        this.storage = storage;
        this.settings = settings;
        this.runtime = runtime;
    }

    @Override
    public String name() {
        return "forwarder";
    }

    /** In numbers; safe from any task. */
    public PumpState state() {
        Pump now = pump;
        return now == null ? PumpState.none() : now.state();
    }

    /** Sends what is there and waits for its receipts, as long as that moves. */
    @Override
    public boolean finish() {
        finishing = true;
        Pump now = pump;
        if (now != null) {
            now.finish();
        }
        return true;
    }

    @Override
    public void run() throws InterruptedException {
        while (shared.current().isEmpty()) {
            if (finishing) {
                return;
            }
            runtime.tasks().sleep(LOOK);
        }
        Spool spool = shared.open();
        var trimmer = runtime.tasks().fork("spool-trim", () -> trim(spool));
        try (Source source = spool.source(READER)) {
            Pump fresh = new Pump(source, links, verifier, new ParkedMessages(storage), settings, runtime);
            if (finishing) {
                fresh.finish();
            }
            pump = fresh;
            fresh.run();
        } finally {
            trimmer.cancel();
        }
    }

    private void trim(Spool spool) throws InterruptedException {
        while (true) {
            runtime.tasks().sleep(TRIM_EVERY);
            try {
                spool.trim();
            } catch (PortException disk) {
                LOG.log(System.Logger.Level.WARNING, "space of the spool is not freed yet: {0}", disk.code());
            }
        }
    }
}
