package io.machineroom.domain.agent;

import io.machineroom.domain.event.Events;
import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Publishes a file of the operator as Choria's provider {@code file_content} does (spec streams 3.2): first after 1 to 4
 * seconds, then on the interval of the inventory. An empty file says nothing. One task.
 */
final class RegistrationFile implements Service {
    private static final System.Logger LOG = System.getLogger(RegistrationFile.class.getName());
    private static final String PROTOCOL = "choria:registration:filecontent:1";
    /** In base64 and within its document less than an event may have. */
    private static final int MAX_BYTES = 512 << 10;

    private final Path file;
    private final Duration interval;
    private final AgentPorts ports;
    private final Events events;
    private final Consumer<Outgoing> out;
    private long published = Long.MAX_VALUE;
    private String trouble = "";

    RegistrationFile(Path file, Duration interval, AgentPorts ports, Events events, Consumer<Outgoing> out) {
        this.file = file;
        this.interval = interval;
        this.ports = ports;
        this.events = events;
        this.out = out;
    }

    @Override
    public String name() {
        return "registration-file";
    }

    @Override
    public void run() throws InterruptedException {
        ports.tasks().sleep(Duration.ofMillis(1_000 + ports.entropy().below(3_000)));
        while (true) {
            try {
                document().ifPresent(document -> out.accept(events.registrationFile(document)));
                trouble = "";
            } catch (PortException e) {
                told(e);
            }
            ports.tasks().sleep(interval);
        }
    }

    /**
     * What is published; empty when the file is.
     *
     * @throws PortException.Refused {@code registration.file} when there is none; {@code file.too-large} beyond 512 KiB
     */
    Optional<Value.Obj> document() {
        FileTree.Info info = ports.hostFiles().info(file).orElseThrow(this::absent);
        byte[] content = ports.hostFiles().read(file, MAX_BYTES).orElseThrow(this::absent);
        if (content.length == 0) {
            return Optional.empty();
        }
        long modified = info.modified().getEpochSecond();
        boolean updated = modified > published;
        published = modified;
        return Optional.of(Value.obj("mtime", Value.num(modified), "file", Value.text(file.toString()))
                .with("updated", Value.bool(updated))
                .with("protocol", Value.text(PROTOCOL))
                .with("zcontent", Value.text(Base64.getEncoder().encodeToString(Gzip.compress(content)))));
    }

    private PortException.Refused absent() {
        return new PortException.Refused("registration.file", "could not find data file " + file);
    }

    /** Once for each reason. */
    private void told(PortException e) {
        if (!trouble.equals(e.code())) {
            LOG.log(Level.WARNING, "registration.file is not published: {0}: {1}", e.code(), e.getMessage());
        }
        trouble = e.code();
    }
}
