package io.machineroom.domain.agent;

import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.runtime.Mailbox;
import io.machineroom.ports.runtime.Tasks;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gathers the facts, at most 30 s each time, and writes the file. As a service it does so at its start and on their
 * interval; an enrolled node asks for each gathering itself. Safe from any task.
 */
final class FactsRefresher implements Service {
    private static final System.Logger LOG = System.getLogger(FactsRefresher.class.getName());
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FactsDocument document;
    private final AgentSettings settings;
    private final AgentPorts ports;
    private final Supplier<String> identity;
    private volatile Value.Obj current = Value.obj();

    FactsRefresher(FactsDocument document, AgentSettings settings, AgentPorts ports, Supplier<String> identity) {
        this.document = document;
        this.settings = settings;
        this.ports = ports;
        this.identity = identity;
    }

    @Override
    public String name() {
        return "facts";
    }

    /** The newest facts; empty before the first gathering. Safe from any task. */
    Value.Obj current() {
        return current;
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            refresh();
            ports.tasks().sleep(settings.intervals().facts());
        }
    }

    /**
     * Gathers and writes.
     *
     * @throws PortException.Unavailable {@code facts.failed} when there are no new facts or they could not be written
     */
    void refreshed() throws InterruptedException {
        if (!refresh()) {
            throw new PortException.Unavailable("facts.failed", "the facts were not refreshed, see the log before");
        }
    }

    /** Gathers and writes; false when that failed, which is logged. */
    boolean refresh() throws InterruptedException {
        Mailbox<Value.Obj> result = ports.tasks().mailbox(1);
        Tasks.Task gathering = ports.tasks().fork("facts-gathering", () -> {
            result.offer(document.gather(identity.get()));
        });
        Optional<Value.Obj> facts;
        try {
            gathering.join(LIMIT);
            facts = result.poll(Duration.ZERO);
        } finally {
            gathering.cancel();
        }
        if (facts.isEmpty()) {
            ports.meter().count("mr_facts_failures_total", 1);
            LOG.log(
                    Level.ERROR,
                    "facts were not gathered: {0}",
                    gathering.failure().map(Throwable::toString).orElse("it took longer than 30 s"));
            return false;
        }
        current = facts.get();
        try {
            ports.hostFiles().replace(settings.paths().factsFile(), ports.json().pretty(facts.get()), 0600, "", "");
            return true;
        } catch (PortException disk) {
            LOG.log(Level.ERROR, "facts cannot be written: {0}: {1}", disk.code(), disk.getMessage());
            return false;
        }
    }
}
