package com.example.segment;

import io.machineroom.ports.PortException;
import io.machineroom.ports.runtime.Entropy;
import io.machineroom.ports.runtime.TimeSource;
import io.machineroom.ports.spool.Spool;
import io.machineroom.ports.spool.SpoolProvider;
import io.machineroom.ports.store.EventLog;
import io.machineroom.ports.stream.Lane;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Put the jar into {@code lib/} and set {@code spool.provider = segment}. */
public final class SegmentSpoolProvider implements SpoolProvider {
    private final Optional<LongSupplier> free;

    public SegmentSpoolProvider() {
        this.free = Optional.empty();
    }

    /** With another word on how much room the disk has. For tests. */
    SegmentSpoolProvider(LongSupplier free) {
        this.free = Optional.of(free);
    }

    @Override
    public String name() {
        return "segment";
    }

    @Override
    public Spool open(Settings settings, TimeSource time, Entropy entropy) {
        Store store = new Store(settings.directory());
        boolean open = false;
        try {
            LongSupplier room = free.orElse(() -> settings.directory().toFile().getUsableSpace());
            Spool spool = new SegmentSpool(store, settings, time, entropy, room);
            open = true;
            return spool;
        } catch (IOException e) {
            throw Store.disk("cannot open " + settings.directory(), e);
        } finally {
            if (!open) {
                store.close();
            }
        }
    }

    @Override
    public long check(Path directory, Consumer<Finding> findings) {
        Path table = directory.resolve(Table.FILE);
        if (!Files.exists(table)) {
            throw new PortException.Refused("spool.absent", directory + " holds no spool");
        }
        Optional<String> text = Store.load(table);
        if (text.isEmpty()) {
            findings.accept(new Finding(Table.FILE, 0, "its checksum is wrong; without it nothing can be read"));
            return 0;
        }
        long bytes = 0;
        try {
            for (Lane lane : Lane.values()) {
                Segments segments = new Segments(directory, text.get().split("\n")[1], lane);
                for (long number : segments.numbers()) {
                    String name = directory.relativize(segments.file(number)).toString();
                    for (Segments.Part part : segments.parts(number)) {
                        bytes += part.length();
                        if (part.isDamage()) {
                            findings.accept(
                                    new Finding(name, part.offset(), part.length() + " bytes that are no block"));
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw Store.disk("cannot read " + directory, e);
        }
        return bytes;
    }

    @Override
    public EventLog openLog(LogSettings settings, TimeSource time, Entropy entropy) {
        throw new PortException.Refused("log.unsupported", "this spool has no event log; a backplane needs chronicle");
    }
}
