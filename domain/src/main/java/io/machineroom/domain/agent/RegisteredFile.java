package io.machineroom.domain.agent;

import io.machineroom.domain.event.Outgoing;
import io.machineroom.domain.supervision.Service;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.stream.Lane;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Publishes a file of the operator's, as the provider {@code file_content} of spec streams 3.2 does: on the interval of
 * registrations, and within {@code registration.check_interval} of a new time stamp. Of those that wait the last one
 * counts. A file that is missing or too large is told once in the log, and the next look finds it when it is mended. An empty one is
 * no registration. One task.
 */
public final class RegisteredFile implements Service {
    /** {@value} bytes: what still fits one message in base64 when it does not compress. */
    public static final int MAX_BYTES = 512 << 10;

    static final String KIND = "registration_file";

    private static final System.Logger LOG = System.getLogger(RegisteredFile.class.getName());
    private static final String PROTOCOL = "choria:registration:filecontent:1";
    private static final long NEVER = Long.MIN_VALUE;

    private final Place place;
    private final AgentSettings.Intervals intervals;
    private final AgentPorts ports;
    private final NodeContext node;
    private long published = NEVER;
    private String lastFault = "";

    /**
     * Where the file is.
     *
     * @param files tree of its folder
     * @param compressed whether its content goes out in gzip
     */
    public record Place(FileTree files, String name, boolean compressed) {}

    RegisteredFile(Place place, AgentPorts ports, NodeContext node) {
        this.place = place;
        this.intervals = node.settings().intervals();
        this.ports = ports;
        this.node = node;
    }

    static Optional<RegisteredFile> of(AgentParts parts, AgentPorts ports, NodeContext node) {
        return parts.registrationFile(node.enrolment().configuration())
                .map(place -> new RegisteredFile(place, ports, node));
    }

    @Override
    public String name() {
        return "registration-file";
    }

    @Override
    public void run() throws InterruptedException {
        ports.tasks().sleep(Duration.ofMillis(1_000 + ports.entropy().below(3_000)));
        long due = ports.time().ticks();
        while (true) {
            try {
                if (ports.time().ticks() - due >= 0 || modified() != published) {
                    publish();
                    due = ports.time().ticks() + intervals.registration().toNanos();
                }
                lastFault = "";
            } catch (PortException fault) {
                told(fault);
            }
            ports.tasks().sleep(intervals.registrationCheck());
        }
    }

    private void publish() {
        Optional<Value.Obj> now = document();
        if (now.isPresent()) {
            Outgoing event = node.events().product(KIND, now.get());
            node.out().accept(new Outgoing(event.subject(), Lane.NEWEST, event.event()));
        }
    }

    /**
     * The document of the file as it is now; empty when the file is.
     *
     * @throws PortException.Refused {@code file.missing}, {@code file.too-large}
     */
    Optional<Value.Obj> document() {
        long modified = modified();
        byte[] content = place.files().read(place.name(), MAX_BYTES).orElseThrow(this::missing);
        boolean updated = published != NEVER && modified > published;
        published = modified;
        if (content.length == 0) {
            return Optional.empty();
        }
        Map<String, Value> out = new LinkedHashMap<>();
        out.put("mtime", Value.num(modified));
        out.put("file", Value.text(path()));
        out.put("updated", Value.bool(updated));
        out.put("protocol", Value.text(PROTOCOL));
        byte[] sent = place.compressed() ? Gzip.compress(content) : content;
        out.put(
                place.compressed() ? "zcontent" : "content",
                Value.text(Base64.getEncoder().encodeToString(sent)));
        return Optional.of(Value.obj(out));
    }

    /** Whole seconds since 1970, as the original tells it. */
    private long modified() {
        return place.files()
                .info(place.name())
                .orElseThrow(this::missing)
                .modified()
                .getEpochSecond();
    }

    private PortException.Refused missing() {
        return new PortException.Refused("file.missing", "could not find data file " + path());
    }

    private String path() {
        return place.files().path(place.name()).toString();
    }

    private void told(PortException fault) {
        if (!fault.code().equals(lastFault)) {
            LOG.log(Level.WARNING, "no registration of a file: {0}: {1}", fault.code(), fault.getMessage());
        }
        lastFault = fault.code();
    }
}
