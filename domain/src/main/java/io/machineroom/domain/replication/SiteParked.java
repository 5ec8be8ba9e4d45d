package io.machineroom.domain.replication;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.stream.Intake;
import io.machineroom.ports.stream.Message;
import java.lang.System.Logger.Level;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Records that can never go up, kept below {@code parked} in the site's directory: at most 100 files and 16 MiB, the newest.
 * The node still has the record and decides what becomes of it. One task.
 */
final class SiteParked {
    static final String DIRECTORY = "parked";

    private static final System.Logger LOG = System.getLogger(SiteParked.class.getName());
    private static final int MAX_FILES = 100;
    private static final long MAX_BYTES = 16 << 20;

    private final SiteRuntime runtime;

    SiteParked(SiteRuntime runtime) {
        this.runtime = runtime;
    }

    /** Keeps the evidence. A disk that does not take it is logged and changes nothing else. */
    void park(Intake.Arrival arrival, String code, String detail) {
        runtime.meter().count("mr_site_parked_total", "code", code, 1);
        LOG.log(
                Level.ERROR,
                "message {0} on {1} cannot go to the SaaS and is parked: {2}: {3}",
                arrival.sequence(),
                arrival.message().subject(),
                code,
                detail);
        // names sort by age, also across a stream that was made anew
        String name = String.format(
                Locale.ROOT, "%013d-%d.json", runtime.machine().time().wall().toEpochMilli(), arrival.sequence());
        try {
            runtime.files()
                    .replace(DIRECTORY + "/" + name, runtime.json().pretty(document(arrival, code, detail)), 0600);
            prune();
        } catch (PortException disk) {
            LOG.log(Level.ERROR, "no evidence of the parked message could be kept: {0}", disk.code());
        }
    }

    private static Value.Obj document(Intake.Arrival arrival, String code, String detail) {
        Message message = arrival.message();
        Map<String, Value> headers = new LinkedHashMap<>();
        message.headers().forEach((name, value) -> headers.put(name, Value.text(value)));
        return Value.obj("code", Value.text(code), "detail", Value.text(detail))
                .with("subject", Value.text(message.subject().text()))
                .with("message_id", Value.text(arrival.messageId()))
                .with("headers", Value.obj(headers))
                .with("body", Value.text(Base64.getEncoder().encodeToString(message.bytes())));
    }

    private void prune() {
        FileTree files = runtime.files();
        List<String> all = files.list(DIRECTORY);
        long bytes = 0;
        int kept = 0;
        for (String name : all.reversed()) {
            bytes += files.info(DIRECTORY + "/" + name).map(FileTree.Info::size).orElse(0L);
            if (++kept > MAX_FILES || bytes > MAX_BYTES) {
                files.delete(DIRECTORY + "/" + name);
            }
        }
    }
}
