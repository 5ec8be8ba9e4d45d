package io.machineroom.domain.agent;

import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Writes status and metrics at its start and on their interval; each file is replaced as a whole. */
final class StatusReporter implements Service {
    private static final System.Logger LOG = System.getLogger(StatusReporter.class.getName());

    private final AgentSettings settings;
    private final AgentPorts ports;
    private final Supplier<Value.Obj> status;
    private final Supplier<byte[]> metrics;
    private volatile String lastCode = "";

    StatusReporter(AgentSettings settings, AgentPorts ports, Supplier<Value.Obj> status, Supplier<byte[]> metrics) {
        this.settings = settings;
        this.ports = ports;
        this.status = status;
        this.metrics = metrics;
    }

    @Override
    public String name() {
        return "status";
    }

    @Override
    public void run() throws InterruptedException {
        while (true) {
            write();
            ports.tasks().sleep(settings.intervals().status());
        }
    }

    /** Writes now. */
    void write() {
        replace(settings.paths().statusFile(), ports.json().pretty(status.get()));
        byte[] text = metrics.get();
        if (text.length > 0) {
            replace(settings.paths().metricsFile(), text);
        }
    }

    private void replace(Path file, byte[] content) {
        try {
            ports.hostFiles().replace(file, content, 0644, "", "");
            lastCode = "";
        } catch (PortException disk) {
            if (!disk.code().equals(lastCode)) {
                LOG.log(Level.ERROR, "{0} cannot be written: {1}", file, disk.code());
            }
            lastCode = disk.code();
        }
    }
}
