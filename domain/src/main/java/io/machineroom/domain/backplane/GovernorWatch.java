package io.machineroom.domain.backplane;

import io.machineroom.domain.orchestration.GovernorMender;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.transport.Link;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Opens governors of customers that a change left closed: all customers one after the other, in one task. */
final class GovernorWatch implements Service {
    /** One question a customer each time. */
    private static final Duration INTERVAL = Duration.ofSeconds(30);

    private final AccountLines lines;
    private final IngestPorts ports;
    private final Map<String, GovernorMender> menders = new HashMap<>();

    GovernorWatch(AccountLines lines, IngestPorts ports) {
        this.lines = lines;
        this.ports = ports;
    }

    @Override
    public String name() {
        return "governors";
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            for (Map.Entry<String, Link> line : lines.up().entrySet()) {
                menders.computeIfAbsent(line.getKey(), _ -> new GovernorMender(ports.time(), ports.meter()))
                        .look(line.getValue().slots());
            }
            ports.tasks().sleep(INTERVAL);
        }
    }
}
