package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.spool.SpoolProvider.Settings;
import io.machineroom.ports.spool.kit.Ledger;
import io.machineroom.ports.spool.kit.SpoolStore;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/** The directory of a spool: a lock, the ledger in {@code spool.table}, and a directory for each lane. */
final class SegmentStore implements SpoolStore {
    static final String TABLE = "spool.table";
    private static final String KIND = "segment-spool 4";

    private final Directory directory;
    private final Path table;
    private final ToLongFunction<Path> free;
    private final Ledger ledger;
    private final Map<Lane, SegmentLane> lanes = new EnumMap<>(Lane.class);

    SegmentStore(Settings settings, Entropy entropy, ToLongFunction<Path> free) {
        this.directory = new Directory(settings.directory());
        this.table = settings.directory().resolve(TABLE);
        this.free = free;
        boolean open = false;
        try {
            this.ledger = load(table).orElseGet(() -> new Ledger(entropy.hex(16)));
            save(ledger); // before there is a lane: a lane without a ledger is damage
            for (Lane lane : Lane.values()) {
                lanes.put(lane, new SegmentLane(settings, ledger.lineage(), lane));
            }
            open = true;
        } catch (IOException e) {
            throw Directory.disk("cannot open " + settings.directory(), e);
        } finally {
            if (!open) {
                close();
            }
        }
    }

    /** The ledger in a file; nothing when there is none, nor a lane. */
    static Optional<Ledger> load(Path table) {
        Optional<String> text = Directory.load(table);
        boolean fresh = !Files.exists(table) && !Files.exists(table.resolveSibling(Lane.NORMAL.wireName()));
        if (text.isEmpty() && !fresh) {
            throw new PortException.Corrupted("spool.damaged", table + " is missing or damaged");
        }
        if (text.isPresent() && !text.get().startsWith(KIND + "\n")) {
            throw new PortException.Corrupted(
                    "spool.version",
                    table + " is not of version '" + KIND
                            + "', which this program reads: use the program that wrote it, or move the directory away");
        }
        return text.map(t -> Ledger.of(t.substring(KIND.length() + 1)));
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public void save(Ledger now) {
        Directory.save(table, KIND + "\n" + now.text());
    }

    @Override
    public SegmentLane lane(Lane lane) {
        return Optional.ofNullable(lanes.get(lane)).orElseThrow();
    }

    @Override
    public long freeBytes() {
        return free.applyAsLong(table.getParent());
    }

    @Override
    public void close() {
        directory.close();
    }
}
