package io.machineroom.domain.replication.copy;

import io.machineroom.domain.replication.config.Sampling;
import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import java.lang.System.Logger.Level;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The senders of a job in a file, in the form of the original. */
final class TrackerFile {
    private static final System.Logger LOG = System.getLogger(TrackerFile.class.getName());
    private static final int MAX_BYTES = 256 << 20;

    private final FileTree files;
    private final JsonFormat json;
    private final String file;

    TrackerFile(FileTree files, JsonFormat json, String file) {
        this.files = files;
        this.json = json;
        this.file = file;
    }

    /** Puts what was kept, and is not expired, into a tracker. A broken file is ignored, which is logged. */
    void load(Tracker into, Sampling sampling, Instant now) {
        try {
            Optional<byte[]> content = files.read(file, MAX_BYTES);
            if (content.isEmpty()) {
                return;
            }
            read(json.read(content.get(), MAX_BYTES)).forEach((key, item) -> {
                if (!item.seen().isBefore(now.minus(sampling.interval()))) {
                    into.learn(key, item);
                }
            });
        } catch (PortException | DateTimeException e) {
            LOG.log(
                    Level.WARNING,
                    "the sampling state {0} cannot be read and is begun anew: {1}",
                    file,
                    e.getMessage());
        }
    }

    /** All items of a document. */
    static Map<String, Tracked> read(Value document) {
        Map<String, Tracked> out = new LinkedHashMap<>();
        if (document instanceof Value.Obj o) {
            o.obj("Items").orElse(Value.obj()).fields().forEach((key, value) -> {
                if (value instanceof Value.Obj item) {
                    out.put(key, item(item));
                }
            });
        }
        return out;
    }

    static Tracked item(Value.Obj item) {
        return new Tracked(
                instant(item, "seen"),
                instant(item, "copied"),
                item.bool("advised").orElse(false),
                item.whole("size").orElse(0L));
    }

    private static Instant instant(Value.Obj item, String key) {
        return item.text(key).map(t -> OffsetDateTime.parse(t).toInstant()).orElse(Tracked.NEVER);
    }

    static Value.Obj value(Tracked item) {
        return Value.obj(
                        "seen",
                        Value.text(item.seen().toString()),
                        "copied",
                        Value.text(item.copied().toString()),
                        "advised",
                        Value.bool(item.advised()))
                .with("size", Value.num(item.size()));
    }

    /** Writes all; no file when there is nobody. A disk that does not take it is logged. */
    void save(Tracker from) {
        try {
            Map<String, Value> items = new LinkedHashMap<>();
            from.items().forEach((key, item) -> items.put(key, value(item)));
            if (items.isEmpty()) {
                files.delete(file);
            } else {
                files.replace(file, json.write(Value.obj("Items", Value.obj(items))), 0600);
            }
        } catch (PortException e) {
            LOG.log(Level.WARNING, "the sampling state {0} cannot be written: {1}", file, e.getMessage());
        }
    }
}
