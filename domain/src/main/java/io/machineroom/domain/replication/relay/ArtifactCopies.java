package io.machineroom.domain.replication.relay;

import io.machineroom.ports.PortException;
import io.machineroom.ports.data.JsonFormat;
import io.machineroom.ports.data.Value;
import io.machineroom.ports.host.FileTree;
import io.machineroom.ports.runtime.Meter;
import io.machineroom.ports.runtime.Tasks;
import io.machineroom.ports.runtime.TimeSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;

/**
 * Artifacts on the leader's disk: {@code artifacts/copies/} and what they are in {@code artifacts/index.json}, written as a
 * whole. Together they stay within a bound; the least recently used goes first, but none that was handed out in the last
 * minute. Safe from any task.
 */
final class ArtifactCopies {
    private static final System.Logger LOG = System.getLogger(ArtifactCopies.class.getName());
    private static final String ROOT = "artifacts";
    private static final String COPIES = ROOT + "/copies";
    private static final String PARTS = ROOT + "/parts";
    private static final String INDEX = ROOT + "/index.json";
    private static final int MAX_INDEX = 8 << 20;
    private static final int MOST = 10_000;
    private static final long IN_USE_NANOS = 60_000_000_000L;
    private static final long RESERVE_BYTES = 64L << 20;

    private final FileTree files;
    private final JsonFormat json;
    private final TimeSource time;
    private final Meter meter;
    private final long maxBytes;
    private final Turn turn;
    /** Least recently used first; the key is the file. */
    private final Map<String, Copy> byFile = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<String, Long> usedAt = new LinkedHashMap<>();
    private long next = 1;

    ArtifactCopies(FileTree files, JsonFormat json, Tasks tasks, TimeSource time, Meter meter, long maxBytes) {
        this.files = files;
        this.json = json;
        this.time = time;
        this.meter = meter;
        this.maxBytes = maxBytes;
        this.turn = new Turn(tasks);
    }

    /**
     * A whole artifact.
     *
     * @param name of the artifact
     * @param file name of the file
     * @param etag under which the SaaS knows this content
     * @param contentType as the SaaS gave it
     * @param size in bytes
     * @param current whether it is the newest of its name
     */
    record Copy(String name, String file, String etag, String contentType, long size, boolean current) {
        private Value document() {
            return Value.obj("name", Value.text(name), "file", Value.text(file))
                    .with("etag", Value.text(etag))
                    .with("type", Value.text(contentType))
                    .with("size", Value.num(size));
        }

        private static Copy of(Value.Obj saved) {
            return new Copy(
                    saved.text("name").orElseThrow(),
                    saved.text("file").orElseThrow(),
                    saved.text("etag").orElseThrow(),
                    saved.text("type").orElseThrow(),
                    saved.whole("size").orElseThrow(),
                    true);
        }
    }

    /** Reads what is there and removes what does not belong: copies without an entry or of another length. */
    void load() throws InterruptedException {
        turn.take(() -> {
            files.makeDirectory(COPIES, 0700);
            files.makeDirectory(PARTS, 0700);
            byFile.clear();
            for (Copy copy : saved()) {
                boolean whole = files.info(COPIES + "/" + copy.file())
                        .filter(info -> info.kind() == FileTree.Kind.FILE && info.size() == copy.size())
                        .isPresent();
                if (whole) {
                    byFile.put(copy.file(), copy);
                }
            }
            Set<String> strangers = new HashSet<>(files.list(COPIES));
            strangers.removeAll(byFile.keySet());
            strangers.forEach(file -> files.delete(COPIES + "/" + file));
            next = byFile.keySet().stream()
                            .mapToLong(ArtifactCopies::number)
                            .max()
                            .orElse(0)
                    + 1;
            show();
            return true;
        });
    }

    private List<Copy> saved() {
        Optional<byte[]> index = files.read(INDEX, MAX_INDEX);
        if (index.isEmpty()) {
            return List.of();
        }
        try {
            List<Copy> out = new ArrayList<>();
            for (Value copy : ((Value.Obj) json.read(index.get(), MAX_INDEX)).list("copies")) {
                out.add(Copy.of((Value.Obj) copy));
            }
            return out;
        } catch (PortException.Refused | NoSuchElementException | ClassCastException e) {
            LOG.log(System.Logger.Level.WARNING, "the index of artifacts is damaged; they are fetched anew", e);
            return List.of();
        }
    }

    private static long number(String file) {
        return file.matches("c\\d{1,18}") ? Long.parseLong(file.substring(1)) : 0;
    }

    /** The newest copy of a name; it counts as used. */
    Optional<Copy> find(String name) throws InterruptedException {
        return turn.take(() -> {
            Optional<Copy> found = byFile.values().stream()
                    .filter(copy -> copy.current() && copy.name().equals(name))
                    .findFirst();
            found.ifPresent(copy -> {
                byFile.get(copy.file());
                usedAt.put(copy.file(), time.ticks());
            });
            return found;
        });
    }

    /** Where a copy lies. */
    Path path(Copy copy) {
        return files.path(COPIES + "/" + copy.file());
    }

    /** Where an artifact is written while it comes; what is left of an earlier try may lie there. */
    Path part(String name) {
        return files.path(PARTS + "/" + name + ".part");
    }

    /** Removes what came of an artifact. */
    void drop(String name) {
        files.delete(PARTS + "/" + name + ".part");
        files.delete(PARTS + "/" + name + ".part.etag");
    }

    /** The newest copy of a name is one no longer. */
    void forget(String name) throws InterruptedException {
        turn.take(() -> {
            outdate(name);
            save();
            return true;
        });
    }

    /**
     * Makes room for so many bytes more.
     *
     * @throws PortException.Unavailable {@code site.artifacts-full}
     */
    void makeRoom(long bytes) throws InterruptedException {
        turn.take(() -> {
            Iterator<Copy> oldest = List.copyOf(byFile.values()).iterator();
            long have = total();
            boolean removed = false;
            while (oldest.hasNext() && tight(have, bytes)) {
                Copy copy = oldest.next();
                if (time.ticks() - usedAt.getOrDefault(copy.file(), Long.MIN_VALUE / 2) > IN_USE_NANOS) {
                    remove(copy);
                    have -= copy.size();
                    removed = true;
                }
            }
            if (removed) {
                save();
            }
            if (tight(have, bytes)) {
                throw new PortException.Unavailable(
                        "site.artifacts-full",
                        "the leader has no room for an artifact of " + bytes + " bytes",
                        null,
                        Duration.ofSeconds(60));
            }
            return true;
        });
    }

    private boolean tight(long have, long bytes) {
        return bytes > maxBytes - have || byFile.size() >= MOST || files.freeBytes() - bytes < RESERVE_BYTES;
    }

    /** Turns what came whole into the newest copy of a name, durably. */
    Copy keep(String name, String etag, String contentType) throws InterruptedException {
        return turn.take(() -> {
            String part = PARTS + "/" + name + ".part";
            long size = files.info(part)
                    .orElseThrow(() -> new PortException.Unavailable("upstream.disk", "the download is gone"))
                    .size();
            Copy copy = new Copy(name, "c" + next++, etag, contentType, size, true);
            files.sync(PARTS);
            files.rename(part, COPIES + "/" + copy.file());
            outdate(name);
            byFile.put(copy.file(), copy);
            usedAt.put(copy.file(), time.ticks());
            sweep();
            save();
            return copy;
        });
    }

    /** Others may still be reading the older one. */
    private void outdate(String name) {
        byFile.replaceAll((file, copy) -> copy.name().equals(name)
                ? new Copy(name, file, copy.etag(), copy.contentType(), copy.size(), false)
                : copy);
    }

    private void sweep() {
        for (Copy copy : List.copyOf(byFile.values())) {
            long at = usedAt.getOrDefault(copy.file(), Long.MIN_VALUE / 2);
            if (!copy.current() && time.ticks() - at > IN_USE_NANOS) {
                remove(copy);
            }
        }
    }

    private void remove(Copy copy) {
        byFile.remove(copy.file());
        usedAt.remove(copy.file());
        files.delete(COPIES + "/" + copy.file());
    }

    private long total() {
        return byFile.values().stream().mapToLong(Copy::size).sum();
    }

    private void save() {
        List<Value> current = byFile.values().stream()
                .filter(Copy::current)
                .map(Copy::document)
                .toList();
        files.replace(INDEX, json.write(Value.obj("copies", new Value.Arr(current))), 0600);
        show();
    }

    private void show() {
        meter.gauge("mr_site_artifact_bytes", (double) total());
    }
}
