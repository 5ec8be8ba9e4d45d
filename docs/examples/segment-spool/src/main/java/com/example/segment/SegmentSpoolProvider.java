package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.spool.kit.StoredSpool;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/** Put the jar into {@code lib/} and set {@code spool.provider = segment}. */
public final class SegmentSpoolProvider implements SpoolProvider {
    private final ToLongFunction<Path> free;

    public SegmentSpoolProvider() {
        this(directory -> directory.toFile().getUsableSpace());
    }

    /** With another word on how much room the disk has. For tests. */
    SegmentSpoolProvider(ToLongFunction<Path> free) {
        this.free = free;
    }

    @Override
    public String name() {
        return "segment";
    }

    @Override
    public Spool open(Settings settings, TimeSource time, Entropy entropy) {
        SegmentStore store = new SegmentStore(settings, entropy, free);
        boolean open = false;
        try {
            StoredSpool spool = new StoredSpool(store, settings, time::ticks, entropy.hex(16), new LockTurns());
            open = true;
            return spool;
        } finally {
            if (!open) {
                store.close();
            }
        }
    }

    @Override
    public long check(Path directory, Consumer<Finding> findings) {
        Path table = directory.resolve(SegmentStore.TABLE);
        if (!Files.exists(table)) {
            throw new PortException.Refused("spool.absent", directory + " holds no spool");
        }
        long bytes = 0;
        try {
            String lineage = SegmentStore.load(table).orElseThrow().lineage();
            for (Lane lane : Lane.values()) {
                Path files = directory.resolve(lane.wireName());
                for (long number : SegmentLane.numbers(files)) {
                    Path file = SegmentLane.file(files, number);
                    byte[] in = Files.readAllBytes(file);
                    bytes += in.length;
                    Block.parts(in, SegmentLane.place(lineage, lane) + number).stream()
                            .filter(Block.Part::isDamage)
                            .map(part -> new Finding(
                                    directory.relativize(file).toString(),
                                    part.offset(),
                                    part.length() + " bytes that are no block"))
                            .forEach(findings);
                }
            }
        } catch (PortException.Corrupted e) {
            findings.accept(new Finding(SegmentStore.TABLE, 0, e.getMessage() + "; without it nothing can be read"));
        } catch (IOException e) {
            throw Directory.disk("cannot read " + directory, e);
        }
        return bytes;
    }

    @Override
    public EventLog openLog(LogSettings settings, TimeSource time, Entropy entropy) {
        throw new PortException.Refused("log.unsupported", "this spool has no event log; a backplane needs chronicle");
    }
}
